"""What a page of HTML has, for whoever looks into it."""

from decimal import Decimal
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "img", "input"}
LOADING = {"src", "srcset", "poster", "action"}


class Page(HTMLParser):
    """A page's title, language, places, what it loads, and the text of its cells and paragraphs.

    Raises AssertionError where an element ends that did not begin, or does not end.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language: str | None = None
        self.title = ""
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.places: list[str] = []
        self.texts: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.facts: dict[str, dict[str, str]] = {}
        self._open: list[str] = []
        self._section = ""
        self._table: list[list[str]] = []
        self._said: dict[str, str] = {}
        self.feed(html)
        self.close()
        assert self._open == [], self._open

    @property
    def charts(self) -> list[str]:
        return [place for place in self.places if place.startswith("grafico-")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.loaded += [value for name, value in given.items() if name in LOADING]
        if tag == "link":
            self.loaded.append(given["href"])
        if tag == "a":
            self.links.append(given["href"])
        if "id" in given:
            self.places.append(given["id"])
        if tag == "html":
            self.language = given.get("lang")
        if tag == "section":
            self._section = given["aria-labelledby"]
        if tag == "table":
            self._table = []
        if tag == "tr":
            self._table.append([])
        self._said[tag] = ""
        if tag not in VOID:
            self._open.append(tag)

    def handle_data(self, data: str) -> None:
        for tag in set(self._open):
            self._said[tag] += data

    def handle_endtag(self, tag: str) -> None:
        begun = self._open.pop()
        assert begun == tag, f"</{tag}> ends <{begun}> at {self.getpos()}"
        said = " ".join(self._said[tag].split())
        if tag == "title":
            self.title = said
        elif tag in {"th", "td"}:
            self._table[-1].append(said)
        elif tag == "p":
            self.texts.append(said)
        elif tag == "dd":
            self.facts.setdefault(self._section, {})[self._said["dt"]] = said
        elif tag == "table":
            self.tables[self._said["caption"]] = self._table[1:]


def number(written: str) -> Decimal:
    """The first number of a text, as Brazilians write it, its currency left out."""
    (first, *_) = written.removeprefix("R$").split()
    return Decimal(first.replace(".", "").replace(",", "."))
