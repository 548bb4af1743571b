"""The desk of the psychometrician: what recorded responses say of banks and tests."""
