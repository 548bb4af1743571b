"""Pages as a reader without scripts has them: text, links and forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr"})
UNREAD = frozenset({"script", "style", "template"})
BLOCKS = frozenset(
    {"dd", "div", "dt", "h1", "h2", "h3", "legend", "li", "p", "section", "td", "th", "title"}
)

Entries = list[tuple[str, str]]
"""What a form sends: names and values, in order."""


@dataclass(frozen=True)
class Element:
    """An element of a page."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Element]:
        """Yield every element below with one of these tags, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                if child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def first(self, *tags: str) -> Element | None:
        """Return the first element below with one of these tags, or None."""
        return next(self.all(*tags), None)

    @property
    def text(self) -> str:
        """What a reader reads here, with single spaces."""
        return " ".join("".join(self._pieces()).split())

    def _pieces(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in UNREAD:
                edge = " " if child.tag in BLOCKS or child.tag == "br" else ""
                yield from (edge, *child._pieces(), edge)


@dataclass(frozen=True)
class Link:
    """A way to another page."""

    href: str
    text: str


@dataclass(frozen=True)
class Choice:
    """One of several options to tick, with what is written beside it."""

    value: str
    label: str


class Form:
    """A form as it stands on a page."""

    def __init__(self, element: Element, page: Element) -> None:
        self.element = element
        self.action = element.attributes.get("action", "")
        self._labels = {label.attributes.get("for"): label.text for label in page.all("label")}

    @property
    def controls(self) -> list[Element]:
        """Everything that has a name and could be sent, buttons apart."""
        inputs = self.element.all("input", "textarea", "select")
        return [each for each in inputs if each.attributes.get("name")]

    def names(self) -> list[str]:
        """Return the names under which something could be sent, each once."""
        return list(dict.fromkeys(each.attributes["name"] for each in self.controls))

    def has(self, name: str) -> bool:
        """Return whether there is a control of this name."""
        return any(each.attributes["name"] == name for each in self.controls)

    def choices(self, name: str) -> list[Choice]:
        """Return the options that can be ticked under this name."""
        return [
            Choice(each.attributes.get("value", "on"), self._label(each))
            for each in self.controls
            if each.attributes["name"] == name and _is_ticked_or_not(each)
        ]

    def _label(self, control: Element) -> str:
        return self._labels.get(control.attributes.get("id"), "")

    def entries(self, **filled: str | list[str]) -> Entries:
        """Return what the form sends with some controls filled in, the others as they stand."""
        kept = [
            (each.attributes["name"], _value(each))
            for each in self.controls
            if each.attributes["name"] not in filled and _is_sent(each)
        ]
        lists = {
            name: [value] if isinstance(value, str) else value for name, value in filled.items()
        }
        return kept + [(name, value) for name, values in lists.items() for value in values]


def _is_ticked_or_not(control: Element) -> bool:
    return control.attributes.get("type") in ("radio", "checkbox")


def _is_sent(control: Element) -> bool:
    if control.attributes.get("type") in ("file", "submit"):
        return False
    return not _is_ticked_or_not(control) or "checked" in control.attributes


def _value(control: Element) -> str:
    if control.tag == "textarea":
        return control.text
    if control.tag == "select":
        options = list(control.all("option"))
        chosen = [each for each in options if "selected" in each.attributes] or options[:1]
        return chosen[0].attributes.get("value", chosen[0].text) if chosen else ""
    return control.attributes.get("value", "on" if _is_ticked_or_not(control) else "")


class Page:
    """An HTML page."""

    def __init__(self, html: str) -> None:
        self.root = _parse(html)
        self.main = _without_ways(self.root.first("main") or self.root)

    @property
    def heading(self) -> str:
        """The first heading of what the page is about."""
        found = self.main.first("h1") or self.root.first("title")
        return found.text if found else ""

    @property
    def text(self) -> str:
        """What the page says, without its frame."""
        return self.main.text

    def lines(self, *tags: str) -> list[str]:
        """Return the texts of these elements, those within one another once."""
        found = [each for each in self.main.all(*tags) if each.first(*tags) is None]
        return [each.text for each in found if each.text]

    def links(self, part: str) -> list[Link]:
        """Return the links of the page's main part whose address holds `part`."""
        anchors = ((each.attributes.get("href", ""), each.text) for each in self.main.all("a"))
        return [Link(href, text) for href, text in anchors if part in href]

    def form(self, name: str) -> Form | None:
        """Return the form of the page's main part that has a control of this name, or None."""
        return next((form for form in self.forms() if form.has(name)), None)

    def forms(self) -> list[Form]:
        """Return the forms of the page's main part."""
        return [Form(each, self.root) for each in self.main.all("form")]

    def every_form(self) -> list[Form]:
        """Return the forms of the whole page, its frame included."""
        return [Form(each, self.root) for each in self.root.all("form")]


def _without_ways(element: Element) -> Element:
    """Return an element without the lists of links that lead here and away."""
    kept = [
        _without_ways(child) if isinstance(child, Element) else child
        for child in element.children
        if isinstance(child, str) or child.tag != "nav"
    ]
    return Element(element.tag, element.attributes, kept)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        tags = [element.tag for element in self.open]
        if tag in tags[1:]:
            del self.open[len(tags) - 1 - tags[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def _parse(html: str) -> Element:
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.open[0]
