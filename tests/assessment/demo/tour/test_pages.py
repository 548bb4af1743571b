"""Pages are read as somebody without scripts and styles reads them."""

from assessment.demo.tour.pages import Choice, Link, Page

PAGE = Page(
    """<!doctype html><html><head><title>Title – Attest</title><style>p { color: red }</style>
    </head><body><header><a href="/catalogue">Catalogue</a></header><main>
    <nav class="trail"><ol><li><a href="/me">My record</a></li></ol></nav>
    <h1>Question 1
      of&nbsp;2</h1><p>One<br>two<svg><path d="M0 0"/></svg> three</p>
    <ul><li>First</li><li><p>Second</p></li></ul>
    <a href="/awards/1">Why &amp; how</a>
    <form action="/answer" method="post">
      <input type="hidden" name="csrf_token" value="t&quot;1">
      <fieldset><legend>Which?</legend>
      <input type="radio" name="choice" value="0" id="a" checked><label for="a">Amps</label>
      <input type="radio" name="choice" value="1" id="b"><label for="b">Volts</label></fieldset>
      <input type="checkbox" name="flagged"><input type="file" name="file">
      <textarea name="text"> kept </textarea>
      <select name="language"><option value="en">English</option>
        <option value="fr" selected>Français</option></select>
      <button name="go" value="next">Save</button>
    </form></main></body></html>"""
)


def test_reads_words_with_single_spaces() -> None:
    assert PAGE.heading == "Question 1 of 2"
    assert PAGE.lines("p", "li") == ["One two three", "First", "Second"]
    assert "color" not in PAGE.text


def test_finds_links_of_the_main_part_alone() -> None:
    assert PAGE.links("/awards/") == [Link("/awards/1", "Why & how")]
    assert PAGE.links("/me") == []
    assert PAGE.links("/catalogue") == []


def test_a_form_sends_what_stands_in_it() -> None:
    form = PAGE.form("choice")
    assert form is not None
    assert form.action == "/answer"
    assert form.entries() == [
        ("csrf_token", 't"1'),
        ("choice", "0"),
        ("text", "kept"),
        ("language", "fr"),
    ]


def test_what_is_filled_in_replaces_what_stood_there() -> None:
    form = PAGE.form("choice")
    assert form is not None
    entries = form.entries(choice=["1"], flagged="on")
    assert entries[-2:] == [("choice", "1"), ("flagged", "on")]
    assert ("choice", "0") not in entries


def test_choices_carry_the_words_beside_them() -> None:
    form = PAGE.form("choice")
    assert form is not None
    assert form.choices("choice") == [Choice("0", "Amps"), Choice("1", "Volts")]


def test_there_is_no_form_where_no_control_has_the_name() -> None:
    assert PAGE.form("password") is None
