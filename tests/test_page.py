"""The site says what was decided, of every theorem, and any reader can find a way through it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from symmix import catalogue
from symmix.catalogue import chapters, load
from symmix.checker import main as verify
from symmix.cli import main
from symmix.confirmation import CHECKER, KERNEL
from symmix.errors import NotationError
from symmix.figures import FIGURES
from symmix.printing.prose import title
from symmix.publish import html, telling
from symmix.publish.givens import held
from symmix.publish.guides import GUIDES, heading
from symmix.publish.html.elements import Address, element, joined
from symmix.publish.html.formulas import Formulas, Written
from symmix.publish.html.graph import theorem_map
from symmix.publish.html.guides import address
from symmix.publish.html.quotations import quoted
from symmix.publish.html.story import Story, story
from symmix.publish.html.theorem import Article, name_of
from symmix.publish.uses import used, uses
from symmix.terms import nodes as t
from symmix.terms.functions import bound_in, functions_of
from symmix.verdict import Refuted
from tests import site
from tests.catalogue import EVERY, SCRIPTS, outcome
from tests.mathml_reader import CORE, Reader, parsed
from tests.site import Node, parse
from tests.trees import Point

PAGES = [*(f"{name}.html" for name in SCRIPTS), "index.html", "story.html", *map(address, GUIDES)]
STORY = catalogue.text("story")
SIGNS = {"=": "=", r"\ne": "≠", "!=": "≠", r"\gt": ">", r"\ge": "≥"}


def page(name: str) -> Node:
    return site.pages()[name]


def article(name: str) -> Article:
    (found,) = html.articles([outcome(name)], {name: Address(f"{name}.html", title(name))}, {})
    return found


# -- the folder ---


@pytest.mark.slow
def test_the_folder_has_a_page_for_everything_and_nothing_else() -> None:
    others = {"style.css", "theme.js", "page.js", "entries.js", "figures.js", "formulas.js", "manifest.json"}
    certificates = {f"{name}.json" for name in SCRIPTS}
    assert set(site.files()) == {*PAGES, *others, *certificates}


@pytest.mark.slow
def test_the_folder_can_be_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in site.files().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert verify([str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("CHECKED") == len(SCRIPTS)


def test_an_export_is_the_same_each_time() -> None:
    some = [outcome(name) for name in list(SCRIPTS)[:3]]
    assert html.files(some, chapters()) == html.files(some, chapters())


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    found = page(name)
    figures = [picture.file for picture in site.pictures(".svg")]  # which the command writes beside the pages
    for node in found.walk():
        target = node.attributes.get("href", node.attributes.get("src"))
        if target is None or target == "data:,":
            continue
        if target.startswith("https://"):
            assert node.tag == "a", f"{node.tag} loads {target}"
            continue
        file, _, anchor = target.partition("#")
        assert (file or name) in {*site.files(), *figures}, target
        if anchor:
            there = [x.attributes.get("id") for x in page(file or name).walk()]
            assert there.count(anchor) == 1, target


@pytest.mark.slow
def test_nothing_is_loaded_from_elsewhere() -> None:
    for name, text in site.files().items():
        if name.endswith((".css", ".js")) and name != "entries.js":
            assert not re.search(r"@import|url\((?!#)|fetch\(|XMLHttp|import\(", text), name
            assert set(re.findall(r"https?://[^\s\"']+", text)) <= {"http://www.w3.org/2000/svg"}


@pytest.mark.slow
def test_no_page_shows_markup_of_another_format() -> None:
    for name in PAGES:
        if "guide" not in name:
            assert not re.search(r"\]\(|\*\*|\$|\\[a-z]", page(name).text("pre", "code", "script", "style", "math")), (
                name
            )


# -- a page that anybody can read ---


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_its_landmarks_and_names(name: str) -> None:
    found = page(name)
    (root,) = found.all("html")
    assert root.attributes["lang"] == "en"
    assert len(found.all("main")) == len(found.all("search")) == len(found.all("title")) == 1
    assert all(nav.attributes.get("aria-label") for nav in found.all("nav"))
    ids = [node.attributes["id"] for node in found.walk() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    labels = {label.attributes["for"] for label in found.all("label")}
    assert {field.attributes["id"] for field in found.all("input")} <= labels
    for node in found.walk():
        if "aria-labelledby" in node.attributes:
            assert node.attributes["aria-labelledby"] in ids
    assert all(node.text().strip() for node in found.all("a", "button", "summary", "h1", "h2", "h3", "h4", "label"))
    (skip,) = found.all("a", kind="skip")
    assert skip.attributes["href"] == "#main"


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_headings_are_in_order(name: str) -> None:
    levels = [int(node.tag[1]) for node in page(name).walk() if re.fullmatch(r"h[1-6]", node.tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_what_needs_the_script_is_hidden_without_it(name: str) -> None:
    scripted = page(name).all(kind="scripted")
    assert scripted
    assert all("hidden" in node.attributes for node in scripted)
    outside = [
        node for node in page(name).all("button", "input", "output") if not any(node in x.walk() for x in scripted)
    ]
    assert outside == []


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_no_formula_is_left_in_letters(name: str) -> None:
    """Outside of code nothing is written as on a terminal: no carets, no underscores, no Greek letters by name."""
    (main_part,) = page(name).all("main")
    words = main_part.text("code", "pre")
    if name in map(address, GUIDES):
        return
    assert not re.search(r"\b(lam|theta|kappa)\b|\^|[a-zA-Z]_[a-z+]|\$|\\[a-z]", words), words


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_mathml_is_of_the_core_and_not_empty(name: str) -> None:
    allowed = CORE | {"mtable", "mtr", "mtd"}
    formulas = page(name).all("math")
    for formula in formulas:
        assert {node.tag for node in formula.walk()} <= allowed
        assert formula.text().strip()
        assert all(node.text() for node in formula.all("mi", "mn", "mo", "mtext"))
    assert formulas or name in map(address, GUIDES)


# -- what a theorem's page says ---


@pytest.mark.parametrize("name", EVERY)
def test_every_formula_of_a_page_says_what_was_decided(name: str) -> None:
    found = outcome(name)
    written = article(name)
    own = Formulas(found, {}).own
    assert written.formulas
    for formula in written.formulas:
        assert formula.markup in written.markup
        assert_reads_as_meant(formula, own, found.document.setting.indices)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("softmax_hessian_is_a_sum_of_squares", ["the number of classes", "a target, hard or soft"]),
        ("lipschitz_heads_need_flat_classes", ["the target of the first class", "the Lipschitz constant of the head"]),
        ("gradient_has_four_terms", ["target of the first sample"]),
    ],
)
def test_a_symbol_means_what_its_theorem_says_or_the_legend(name: str, words: list[str]) -> None:
    cells = [cell.text() for cell in page(f"{name}.html").all("td")]
    assert set(words) <= set(cells)


def assert_reads_as_meant(formula: Written, own: Collection[str], free: Sequence[t.Index]) -> None:
    bare = formula.markup.removeprefix('<span class="inline">').removesuffix("</span>")
    rows = [list(row) for row in parsed(bare)[0]]
    elements = [element for row in rows for element in row]

    def assert_says(row: list[ET.Element], tree: t.Expression) -> None:
        point = Point.of(tree)
        assert point.value(Reader([tree], own, free).row(row)) == point.value(tree), formula.markup

    if not formula.sign:
        steps = elements[1:] if elements[0].text == "=" else elements
        assert_says(steps, formula.left)
        return
    (place,) = [i for i, x in enumerate(elements) if x.tag == "mo" and x.text == SIGNS[formula.sign]]
    assert_says(elements[:place], formula.left)
    if formula.right is None:
        assert [x.text for x in elements[place + 1 :]] == ["0"]
    else:
        assert_says(elements[place + 1 :], formula.right)


# -- the story ---


@cache
def told() -> Story:
    links = {name: Address(f"{name}.html", title(name)) for name in SCRIPTS}
    return story(STORY, [outcome(name) for name in telling.theorems(STORY)], links, site.pictures(".svg"))


def test_the_story_states_its_theorems_in_order_each_with_its_figures_behind_it() -> None:
    tree = parse(f"<!DOCTYPE html>\n{told().markup}")
    blocks = [
        node for node in tree.all("section", "img") if node.tag == "img" or node.attributes.get("class") == "told"
    ]
    stated: list[str] = []
    for block in blocks:
        if block.tag == "section":
            stated.append(str(block.all("a")[0].attributes["href"]).removesuffix(".html"))
        else:
            assert FIGURES[str(block.attributes["src"]).removesuffix(".svg")].theorems[-1] == stated[-1]
    assert stated == telling.theorems(STORY)
    assert sorted(str(x.attributes["src"]) for x in tree.all("img")) == sorted(
        f"{name}.svg" for name in telling.figures(STORY)
    )


def test_the_story_on_the_site_is_the_text_of_the_note() -> None:
    """Word for word, as far as words have no formula in them."""
    tree = parse(f"<!DOCTYPE html>\n{told().markup}")
    shown = " ".join(tree.text().split())
    for block in telling.blocks(telling.titled(STORY)[1]):
        if isinstance(block, telling.Words):
            for piece in re.findall(r"(?:\b[A-Za-z]{2,}\b ){4,}", " ".join(block.text.split())):
                if not re.search(r"\b(lam|kappa|alpha|beta|gamma)\b", piece):
                    assert piece.strip() in shown
    assert "`" not in shown
    assert "[@" not in shown
    assert "{{" not in shown


def test_every_formula_that_the_story_states_was_decided() -> None:
    assert {found.script.id for found, _ in told().formulas} == set(telling.theorems(STORY))
    for found, formula in told().formulas:
        assert_reads_as_meant(formula, Formulas(found, {}).own, found.document.setting.indices)


def test_a_site_without_all_of_the_story_does_not_tell_it() -> None:
    some = [outcome(name) for name in telling.theorems(STORY)[:2]]
    found = html.files(some, chapters(), text=STORY)
    assert "story.html" not in found
    assert "Story" not in found["index.html"]


def test_the_story_without_its_figures_is_told_all_the_same() -> None:
    links = {name: Address(f"{name}.html", title(name)) for name in SCRIPTS}
    bare = story(STORY, [outcome(name) for name in telling.theorems(STORY)], links)
    assert "<img" not in bare.markup
    assert re.sub(r"<figure.*?</figure>", "", told().markup) == bare.markup


def test_a_formula_with_a_slip_is_noticed() -> None:
    name = "gradient_has_four_terms"
    formula = next(f for f in article(name).formulas if f.sign and f.right and "\u22a4" in f.markup)
    wrong = formula._replace(markup=formula.markup.replace(">+<", ">\u2212<", 1))
    assert wrong != formula
    assert_reads_as_meant(formula, (), ())
    with pytest.raises(AssertionError):
        assert_reads_as_meant(wrong, (), ())


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_a_page_has_all_of_its_theorem(name: str) -> None:
    found, document = outcome(name), outcome(name).document
    shown = page(f"{name}.html")
    words = shown.text()
    assert shown.all("h1")[0].text() == name_of(SCRIPTS[name])
    assert len(shown.all("div", kind="claim")) == len(document.claims)
    steps = [step for proof in document.proofs for step in proof.steps]
    assert len(shown.all("details", kind="step")) == len(steps)
    assert all(step.all("math")[-1].attributes["display"] == "block" for step in shown.all("details", kind="step"))
    (misses,) = shown.all("ul", kind="misses")
    witnesses = [node.text() for node in misses.all("p", kind="witness")]
    assert len(witnesses) == len(document.near_misses)
    assert all(text.startswith("False at ") and ("the value is" in text or "left" in text) for text in witnesses)
    assert found.digest in words
    assert f"symmix prove -k {name}" in words
    assert all(name in words for name, _ in (KERNEL, CHECKER))
    for lemma in document.lemmas:
        assert title(lemma.name) in words
    (source,) = shown.all("pre")
    assert source.text() == found.script.path.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_a_page_says_what_is_assumed(name: str) -> None:
    shown, document = page(f"{name}.html"), outcome(name).document
    rows = [row.text() for row in shown.all("section", kind="statement")[0].all("tbody")[0].all("tr")]
    symbols = {x.name for tree in Formulas(outcome(name), {}).trees for x in tree.walk() if isinstance(x, t.Symbol)}
    conditions = {x.name for c in document.setting.conditions for x in c.walk() if isinstance(x, t.Symbol)}
    sizes = [row for row in rows if "size, ≥" in row]
    trees = Formulas(outcome(name), {}).trees
    symbols = (symbols | conditions | {f.name for f in functions_of(trees)}) - {x.name for x in bound_in(trees)}
    assert len(rows) == len(symbols) + len(sizes) + len(document.setting.indices)
    statement = shown.all("section", kind="statement")[0].text()
    assert ("Provided that" in statement) == bool(document.setting.conditions)
    assert statement.count("The derivative by") == statement.count("holds constant") == len(held(outcome(name)))
    assert statement.count("Definitions") == bool(document.setting.definitions)


@pytest.mark.slow
def test_a_row_keeps_its_shape() -> None:
    shown = page("input_mixup_is_not_degenerate.html")
    spaces = {row.all("th")[0].text(): row.all("td")[0].text() for row in shown.all("tbody")[0].all("tr")}
    assert spaces["W"] == "in ℝk×h"
    assert spaces["z"] == "in ℝh"


# -- the first page ---


@pytest.mark.slow
def test_the_first_page_leads_to_every_theorem_and_guide() -> None:
    front = page("index.html")
    targets = [node.attributes["href"] for node in front.all("section")[1].all("a")]
    assert [target for target in targets if target in PAGES and not str(target).startswith("guide-")] == [
        f"{script.id}.html" for script in load()
    ]
    assert set(map(address, GUIDES)) <= {node.attributes["href"] for node in front.all("a")}


@pytest.mark.slow
def test_the_map_has_the_arrows_of_the_reasons() -> None:
    by = uses(site.outcomes())
    for name, found in by.items():
        script = SCRIPTS[name]
        reasons = [*re.findall(r'by="([^"]*)"', script.path.read_text(encoding="utf-8")), script.idea]
        assert set(found) == {word for reason in reasons for word in re.findall(r"\w+", reason)} & set(SCRIPTS) - {name}
    assert by["gradient_shrinks_with_the_error"] == ("gradient_has_four_terms",)
    assert used(by)["gradient_has_four_terms"] == (
        "own_terms_are_regression_gradients",
        "gradient_vanishes_at_fit",
        "gradient_shrinks_with_the_error",
        "cross_terms_average_to_mean_residual_gradient",
    )
    (section,) = [node for node in page("index.html").all("section") if node.attributes.get("id") == "map"]
    (drawing,) = section.all("svg")
    edges = sum(map(len, by.values()))
    assert len(drawing.all("path")) == 2 * edges  # a line and its head
    named = {node.attributes["href"] for node in drawing.all("a")}
    assert named == {f"{name}.html" for name in by if by[name] or used(by)[name]}
    assert {node.attributes["href"] for node in section.all("a")} == {f"{name}.html" for name in SCRIPTS}


def test_a_circle_of_references_is_drawn_all_the_same() -> None:
    links = {name: Address(f"{name}.html", title(name)) for name in ("a_b", "c_d")}
    assert theorem_map({"a_b": (), "c_d": ()}, links) == ""
    drawn = theorem_map({"a_b": ("c_d",), "c_d": ("a_b",)}, links)
    assert drawn.count("<rect") == 2


@pytest.mark.slow
def test_what_can_be_searched_is_everything() -> None:
    text = site.files()["entries.js"]
    entries = json.loads(text[text.index("[") : text.rindex("]") + 1])
    theorems = [f"{x.id}.html" for x in load()]
    assert [entry["address"] for entry in entries] == [*theorems, "story.html", *map(address, GUIDES)]
    assert all(entry["title"] and entry["words"] and entry["summary"] for entry in entries)


@pytest.mark.slow
def test_guides_are_pages() -> None:
    for name in GUIDES:
        (main_part,) = page(address(name)).all("main")
        assert main_part.all("h1")[0].text() == heading(name)


# -- users' theorems ---

MINE = '''"""Mine."""

import sympy as sp

from symmix import Identity, Theorem, theorem
from symmix.notation import e, ep

m2 = sp.Symbol("m2", real=True)


@theorem(answers="is 100% of it < 1?", source="my_own_notes")
def {name}() -> Theorem:
    """The residuals are equal, e = e', for 1 < 2 & all."""
    return Theorem(claim=Identity(m2 * ({left}), m2 * ({right})), near_misses={{"a <b>slip</b>": Identity(e, 2 * ep)}})
'''


def written(tmp_path: Path, name: str, left: str = "e", right: str = "ep") -> Path:
    script = tmp_path / f"{name}.py"
    script.write_text(MINE.format(name=name, left=left, right=right), encoding="utf-8")
    return script


def test_a_refuted_statement_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(written(tmp_path, "are_equal")), "--format", "html", "-o", str(tmp_path / "s")]) == 1
    shown = parse((tmp_path / "s" / "are_equal.html").read_text(encoding="utf-8"))
    assert "✗ refuted" in shown.text()
    assert "Refuted at " in shown.text()
    assert "a <b>slip</b>" in shown.text()
    assert "my_own_notes" in shown.text()
    assert "Certificate" not in shown.text()
    assert not (tmp_path / "s" / "are_equal.json").exists()
    assert not (tmp_path / "s" / "figures.js").exists()
    assert isinstance(load([tmp_path / "are_equal.py"])[0].prove().verdict, Refuted)
    assert "index.html: 1 theorem" in capsys.readouterr().err


def test_a_namesake_of_the_legend_is_not_explained_by_it(tmp_path: Path) -> None:
    (script,) = load([written(tmp_path, "sum_of_two")])
    found = html.files([script.prove()], {})["sum_of_two.html"]
    (row,) = [row for row in parse(found).all("tbody")[0].all("tr") if row.all("th")[0].text().startswith("m")]
    assert row.text() == "m2in ℝ"


def test_two_symbols_that_look_the_same_are_refused(tmp_path: Path) -> None:
    script = written(tmp_path, "sum_of_two")
    text = script.read_text(encoding="utf-8").replace(
        "Identity(m2 * (", 'Identity(m2 * sp.Symbol("m_2", real=True) * ('
    )
    script.write_text(text, encoding="utf-8")
    with pytest.raises(NotationError, match="m2 and m_2"):
        html.files([load([script])[0].prove()], {})


def test_a_theorem_called_index_is_refused(tmp_path: Path) -> None:
    (script,) = load([written(tmp_path, "index")])
    with pytest.raises(NotationError, match="a theorem called index"):
        html.files([script.prove()], {})


def test_nothing_is_overwritten_without_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "style.css").write_text("mine", encoding="utf-8")
    arguments = ["export", "--format", "html", "-k", "mixing_conserves", "-o", str(tmp_path)]
    assert main(arguments) == 2
    assert "style.css" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["style.css"]
    assert main([*arguments, "--force"]) == 0


def test_one_document_goes_to_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--format", "html", "-k", "conserves", "-k", "four_terms", "-o", "-"]) == 0
    shown = parse(capsys.readouterr().out)
    assert len(shown.all("article")) == 2
    assert shown.all("script") == []
    ids = [node.attributes["id"] for node in shown.walk() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    targets = [str(node.attributes["href"]) for node in shown.all("a")]
    assert all(target.startswith(("#", "https://")) for target in targets)
    assert {target[1:] for target in targets if target.startswith("#")} <= set(map(str, ids))


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("because $G$ is linear", "“because <i>G</i> is linear”"),
        (r"$G \circ F$ & \(x'\)", "“<i>G ∘ F</i> &amp; <i>x′</i>”"),
        (r"\(\alpha \in [0, 1]\)", "“<i>α ∈ [0, 1]</i>”"),
        (r"at $\frac{1}{2}$", r"“at <code>$\frac{1}{2}$</code>”"),
    ],
)
def test_quotations_look_as_in_their_source(words: str, shown: str) -> None:
    assert quoted(words) == shown


def test_elements_are_escaped() -> None:
    assert element("p", title='a "quoted" <word>') == '<p title="a &quot;quoted&quot; &lt;word&gt;"></p>'
    assert joined([]) == ""
    assert joined(["a", "b", "c"]) == "a, b and c"
