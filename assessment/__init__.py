"""The application: tables, screens and transactions, in slices named after what people do."""
