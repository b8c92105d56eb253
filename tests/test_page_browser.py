"""The site in a browser: what is seen, reached by keys, moved, found and printed.

Needs Debian's chromium (or another Chromium on the path) and the extra symmix[browser], which drives it. With
SYMMIX_SCREENSHOTS=DIR pictures of some pages are left in a folder, to be looked at.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from symmix.publish.guides import GUIDES
from symmix.publish.html import drawn
from symmix.publish.html.guides import address
from symmix.publish.html.theorem import name_of
from tests import site
from tests.catalogue import SCRIPTS
from tests.drawn_points import line, plane, squared_length, value

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed: the site is not tried in a browser")
PAGES = ["index.html", "story.html", *map(address, GUIDES), *(f"{name}.html" for name in SCRIPTS)]
SOME = ["index.html", "gradient_has_four_terms.html", "softmax_fit_is_not_stationary.html", address(GUIDES[0])]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="symmix[browser] is not installed: no browser is driven")
    with api.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("site")
    for name, text in site.files().items():
        (found / name).write_text(text, encoding="utf-8")
    for picture in site.pictures(".svg"):  # as large as they are, with nothing in them
        text = '<svg xmlns="http://www.w3.org/2000/svg" width="238pt" height="150pt"></svg>'
        (found / picture.file).write_text(text, encoding="utf-8")
    return found


class Visit:
    """A window on the folder that notes every complaint and every request."""

    def __init__(self, browser: Any, folder: Path, **options: Any) -> None:
        self.folder, self.complaints, self.asked = folder, list[str](), list[str]()
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()
        assert self.complaints == []
        assert [url for url in self.asked if not url.startswith(("file:", "data:"))] == []

    def open(self, name: str) -> Any:
        self.page.goto((self.folder / name).as_uri())
        return self.page


# -- what is seen ---

OVERFLOWING = """() => [...document.querySelectorAll("body *")]
  .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
  .filter((part) => !part.closest(".scroll, .formula, .inline, pre, .unseen"))
  .map((part) => part.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_is_wider_than_its_window(browser: Any, folder: Path, width: int) -> None:
    with Visit(browser, folder, viewport={"width": width, "height": 800}) as visit:
        for name in PAGES:
            page = visit.open(name)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} wide: {page.evaluate(OVERFLOWING)[:3]}"
            page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name}, unfolded"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_pictures_are_taken(browser: Any, folder: Path, width: int, scheme: str, tmp_path: Path) -> None:
    into = Path(os.environ.get("SYMMIX_SCREENSHOTS", tmp_path))
    with Visit(browser, folder, viewport={"width": width, "height": 900}, color_scheme=scheme) as visit:
        for name in SOME:
            page = visit.open(name)
            path = into / f"{name.removesuffix('.html')}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True)
            assert path.stat().st_size > 20_000


CONTRASTS = """() => {
  const linear = (c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const colour = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (part) => {
    for (; part; part = part.parentElement) {
      const found = colour(getComputedStyle(part).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const found = {};
  for (const part of document.querySelectorAll("body *")) {
    if (![...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const style = getComputedStyle(part);
    const drawn = part.closest("svg") ? style.fill : style.color;
    const [one, other] = [light(colour(drawn)), light(behind(part))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) found[part.tagName + "." + part.className + " " + drawn] = ratio;
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_that_is_written_has_contrast(browser: Any, folder: Path, scheme: str) -> None:
    with Visit(browser, folder, color_scheme=scheme) as visit:
        for name in SOME:
            page = visit.open(name)
            assert (
                page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
                == {
                    "light": "rgb(253, 252, 249)",
                    "dark": "rgb(21, 23, 27)",
                }[scheme]
            )
            assert page.evaluate(CONTRASTS) == {}, name


def test_formulas_are_laid_out(browser: Any, folder: Path) -> None:
    with Visit(browser, folder) as visit:
        for name in SOME[:3]:
            page = visit.open(name)
            page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
            empty = """[...document.querySelectorAll("math, mfrac, msup, munderover")]
                .filter((part) => !part.getBoundingClientRect().width || !part.getBoundingClientRect().height).length"""
            assert page.evaluate(empty) == 0
            assert page.locator("math").count() > 20
            own = "window.getComputedStyle(document.querySelector('mrow')).display"
            assert "math" in page.evaluate(own), "the browser knows no MathML"


def test_a_long_formula_breaks_between_terms_and_scrolls_in_itself(browser: Any, folder: Path) -> None:
    with Visit(browser, folder, viewport={"width": 320, "height": 800}) as visit:
        page = visit.open("gradient_has_four_terms.html")
        tops = page.evaluate(
            "[...document.querySelector('.claim math.lines').children].map((x) => x.getBoundingClientRect().top)"
        )
        assert max(tops) - min(tops) > 15
        page = visit.open("hessian_at_fit_is_a_kronecker_product.html")
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        scrolling = "x.scrollWidth > x.clientWidth === (x.tabIndex === 0)"
        page.wait_for_function(f"[...document.querySelectorAll('.formula')].every((x) => {scrolling})")


# -- keys ---


def walked(page: Any, most: int = 400) -> list[str]:
    """Press Tab until the walk begins again; return what had the focus."""
    name = """() => { const x = document.activeElement;
        return x === document.body ? "" : x.id || x.dataset.slider || x.getAttribute('class')
            || x.textContent.trim() || x.tagName }"""
    found: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        here = page.evaluate(name)
        if not here:
            break
        found.append(here)
    return found


def test_everything_is_reached_by_keys(browser: Any, folder: Path) -> None:
    with Visit(browser, folder) as visit:
        page = visit.open("index.html")
        found = walked(page)
        assert found[:5] == ["skip", "symmix", "Story", "Theorems", "Guides"]
        assert found[5:7] == ["search", "theme"]
        sliders = [
            f"{figure}-{slider}" for figure, slider in (("encoders", "ratio"), ("floor", "error"), ("phase", "ratio"))
        ]
        assert set(sliders) <= set(found)
        assert "scroll map" in found
        assert "The map as a list" in found
        page = visit.open("gradient_has_four_terms.html")
        found = walked(page)
        assert {"chain rule", "multiply out"} <= {words.partition(":")[0] for words in found}
        assert {"Next line", "All lines", "The script that states it"} <= set(found)


def test_the_content_can_be_skipped_to(browser: Any, folder: Path) -> None:
    with Visit(browser, folder) as visit:
        page = visit.open("index.html")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_derivations_unfold_by_keys_line_by_line(browser: Any, folder: Path) -> None:
    with Visit(browser, folder) as visit:
        page = visit.open("gradient_has_four_terms.html")
        opened = "[...document.querySelectorAll('details.step')].map((x) => x.open)"
        assert page.evaluate(opened) == [False, False, False]
        page.get_by_role("button", name="Next line").focus()
        for expected in ([True, False, False], [True, True, False], [True, True, True]):
            page.keyboard.press("Enter")
            assert page.evaluate(opened) == expected
        page.get_by_role("button", name="Fold").press("Enter")
        assert page.evaluate(opened) == [False, False, False]
        page.locator("details.step summary").nth(1).press("Enter")
        assert page.evaluate(opened) == [False, True, False]
        assert page.locator("details.step math").last.is_hidden()


def test_dark_and_light_can_be_chosen_and_are_kept(browser: Any, folder: Path) -> None:
    with Visit(browser, folder, color_scheme="light") as visit:
        page = visit.open("index.html")
        theme = page.locator("#theme")
        assert theme.get_attribute("aria-pressed") == "false"
        theme.press("Enter")
        assert theme.get_attribute("aria-pressed") == "true"
        ground = "getComputedStyle(document.documentElement).backgroundColor"
        assert page.evaluate(ground) == "rgb(21, 23, 27)"
        page = visit.open("gradient_has_four_terms.html")
        assert page.evaluate(ground) == "rgb(21, 23, 27)"
        page.locator("#theme").click()
        assert page.evaluate(ground) == "rgb(253, 252, 249)"


def test_search_finds_by_keys(browser: Any, folder: Path) -> None:
    with Visit(browser, folder) as visit:
        page = visit.open(address(GUIDES[0]))
        page.locator("#search").focus()
        page.keyboard.type("flat curved")
        shown = page.locator("#results a strong").all_text_contents()
        assert name_of(SCRIPTS["loss_ignores_flatness"]) in shown
        assert page.locator("#found").text_content() == f"{len(shown)} found"
        page.locator("#search").fill("xyzzy")
        assert page.locator("#results").is_hidden()
        assert page.locator("#found").text_content() == "0 found"
        page.locator("#search").fill("four terms")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/gradient_has_four_terms.html")
        page.locator("#search").fill("loss")
        page.keyboard.press("Escape")
        assert page.locator("#search").input_value() == ""
        assert page.locator("#results").is_hidden()


# -- sliders ---


def numbers(page: Any) -> dict[str, Fraction]:
    found = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('output[id]')].map((x) => [x.id, x.dataset.value]))"
    )
    return {name: Fraction(float(text)) for name, text in found.items()}


def expected(ratio: str, bend: str, error: str) -> dict[str, Fraction]:
    """Return what the page has to show, from the theorems' trees: exact, but for one rounding of a root."""
    found = drawn.formulas_of(site.outcomes())

    def at(name: str, given: Any) -> Any:
        return value(found[name].expression, found[name].sizes, given)

    def length(*columns: Any) -> Fraction:
        square = sum(map(squared_length, columns), Fraction(0))
        assert Fraction(float(square)) == square
        return Fraction(math.sqrt(square))

    here, flat, fitted = plane(ratio, bend, error), plane(ratio, "0", error), plane(ratio, bend, "0")
    marked = line(ratio, error, str(Fraction(error) / 4))
    mixed, entered = at("mixedResidual", line(ratio, error, error))[0][0], at("inputResidual", here)[0][0]
    return {
        "loss": mixed**2 / 2,
        "gradient": length(at("gradient", here)),
        "gap": here["gap"][0][0],
        "inputLoss": entered**2 / 2,
        "inputGradient": length(at("inputGradient", here)),
        "floorManifold": length(at("gradient", here)),
        "floorInput": length(at("inputGradient", here)),
        "floorFlat": length(at("inputGradient", flat)),
        "floorFloor": length(at("inputGradient", fitted)),
        "phaseFixed": length(at("flow", marked)),
        "phaseStationary": at("stationary", marked)[0][0],
        "phaseAveraged": length(at("averageFirst", marked), at("averageSecond", marked)),
        "phaseVariance": marked["m2"][0][0] - Fraction(1, 4),
    }


def moved(page: Any, ratio: str, bend: str, error: str) -> None:
    power = 0 if error == "0" else 11 + int(math.log2(Fraction(error)))
    for name, text in (("ratio", float(Fraction(ratio))), ("curvature", float(Fraction(bend))), ("error", power)):
        page.locator(f'[data-slider="{name}"]').last.fill(str(text))


@pytest.mark.parametrize(
    "at", [("5/16", "4", "0"), ("3/4", "6", "1/32"), ("1/2", "0", "1"), ("0", "7/4", "1/1024"), ("1", "5/2", "1/8")]
)
def test_the_numbers_are_the_theorems(browser: Any, folder: Path, at: tuple[str, str, str]) -> None:
    with Visit(browser, folder) as visit:
        page = visit.open("index.html")
        before = numbers(page)
        assert before == expected("5/16", "4", "0")
        moved(page, *at)
        assert numbers(page) == expected(*at)
        assert (numbers(page) == before) == (at == ("5/16", "4", "0"))


def test_sliders_of_one_name_move_together_by_keys(browser: Any, folder: Path) -> None:
    with Visit(browser, folder) as visit:
        page = visit.open("index.html")
        before = page.locator("#encoders-drawing").inner_html()
        page.locator("#encoders-ratio").focus()
        page.keyboard.press("ArrowRight")
        assert numbers(page) == expected("3/8", "4", "0")
        assert page.locator("#phase-ratio").input_value() == "0.375"
        assert page.locator("#phase-ratio").get_attribute("aria-valuetext") == "0.375"
        assert page.locator("#encoders-drawing").inner_html() != before
        drawings = page.locator(".drawing svg[role=img]")
        assert drawings.count() == 4
        assert all(drawings.nth(number).get_attribute("aria-label") for number in range(4))


def test_figures_fit_a_narrow_window(browser: Any, folder: Path) -> None:
    with Visit(browser, folder) as visit:
        page = visit.open("index.html")
        page.set_viewport_size({"width": 320, "height": 700})
        page.wait_for_function(
            "[...document.querySelectorAll('.drawing svg')].every((x) => x.viewBox.baseVal.width <= 320)"
        )


# -- without script, without style, on paper, without motion ---


def test_all_of_it_can_be_read_without_script(browser: Any, folder: Path) -> None:
    with Visit(browser, folder, java_script_enabled=False) as visit:
        page = visit.open("gradient_has_four_terms.html")
        assert page.locator("#search").is_hidden()
        assert page.locator("#theme").is_hidden()
        step = page.locator("details.step").first
        assert step.locator("math").last.is_hidden()
        step.locator("summary").click()
        assert step.locator("math").last.is_visible()
        page = visit.open("index.html")
        assert page.locator("#encoders-ratio").is_hidden()
        assert page.get_by_text("The figure needs the script of this page").first.is_visible()
        assert page.locator(".cards li").count() == len(SCRIPTS)


def test_the_content_is_readable_without_style(browser: Any, folder: Path) -> None:
    """What a browser's reading mode keeps: the article in the main part, in order, its formulas in place."""
    with Visit(browser, folder, java_script_enabled=False) as visit:
        visit.page.route("**/*.css", lambda route: route.fulfill(body="", content_type="text/css"))
        page = visit.open("expected_gradient_vanishes_iff_fit.html")
        assert page.evaluate("getComputedStyle(document.body).fontFamily") != "Charter"
        article = page.locator("main > article")
        assert article.count() == 1
        words = article.inner_text()
        order = ["If the ratio varies", "Statement", "provided that", "The setting", "Derivation", "Why it holds",
                 "Near misses", "False at", "How it was decided", "SHA-256"]  # fmt: skip
        places = [words.index(text) for text in order]
        assert places == sorted(places)
        assert len(words) > 1500
        snapshot = article.aria_snapshot()
        assert "- heading" in snapshot
        assert "math" in snapshot


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_folded_is_printed_in_black(browser: Any, folder: Path, scheme: str) -> None:
    with Visit(browser, folder, color_scheme=scheme) as visit:
        page = visit.open("gradient_has_four_terms.html")
        page.evaluate("(scheme) => { document.documentElement.dataset.theme = scheme }", scheme)
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details.step math").last.is_visible()
        assert page.locator("#search").is_hidden()
        assert page.locator(".controls").is_hidden()
        assert page.locator(".script").is_hidden()
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
        assert page.locator("details.step math").last.is_hidden()
        assert page.pdf().startswith(b"%PDF")


@pytest.mark.parametrize(("motion", "behaviour"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_nothing_moves_where_that_is_not_wanted(browser: Any, folder: Path, motion: str, behaviour: str) -> None:
    with Visit(browser, folder, reduced_motion=motion) as visit:
        page = visit.open("index.html")
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour
