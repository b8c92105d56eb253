"""What symmix says of published libraries, as the table of the README: `python tests/results.py` prints it.

The script makes an environment, installs the libraries in the versions below, runs itself there, and prints one line a
mode, over five seeds. A library that cannot be installed or imported is said so in its line.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).parent.parent
TORCH = ("torch==2.13.0", "torchvision==0.28.0")
"""A pair of one release: its number stands in the metadata of torchvision, whose operators are compiled for it."""
PACKAGES = ("timm==1.0.31", "kornia==0.9.0", "keras==3.15.1", "fastai==2.8.12", "mixup==0.2.2", "scipy")
BARE = ("mosaicml==0.32.1", "openmixup==0.2.9")
"""Installed without what they ask for, which is much and old: single files of them are read."""
SEEDS = range(5)
IMAGE = (3, 8, 8)
Mode = tuple[str, str, Callable[[], Any], dict[str, Any]]
"""The library, its mode, what makes the function, and options of the probe."""


def torchvision() -> Any:
    """Import it; beside a torch without CUDA its compiled operators are missing, which mixing does not use."""
    torch = import_module("torch")
    missing = torch.library.Library("torchvision", "FRAGMENT")
    while True:
        try:
            return import_module("torchvision.transforms.v2")
        except RuntimeError as error:
            name = re.search(r"operator torchvision::(\w+) does not exist", str(error))
            if name is None:
                raise
            missing.define(f"{name[1]}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            for module in [module for module in sys.modules if module.partition(".")[0] == "torchvision"]:
                del sys.modules[module]


def of_torchvision() -> Iterator[Mode]:
    v2 = torchvision()
    ids = {"labels": "indices", "classes": 10, "shape": IMAGE}
    yield "torchvision", "v2.MixUp", lambda: v2.MixUp(alpha=0.2, num_classes=10), ids
    yield "torchvision", "v2.MixUp, bfloat16", lambda: v2.MixUp(num_classes=10), {**ids, "dtype": "bfloat16"}
    yield "torchvision", "v2.CutMix", lambda: v2.CutMix(num_classes=10), ids
    either = lambda: v2.RandomChoice([v2.MixUp(num_classes=10), v2.CutMix(num_classes=10)])  # noqa: E731
    yield "torchvision", "v2.RandomChoice of both", either, ids


def of_timm() -> Iterator[Mode]:
    torchvision()
    mixup = import_module("timm.data.mixup")
    options = {"labels": "indices", "classes": 10, "shape": IMAGE, "in_place": "features"}
    for mode in ("batch", "pair", "elem"):
        for words, alphas in (
            ("mixup", {"mixup_alpha": 0.8}),
            ("CutMix", {"mixup_alpha": 0.0, "cutmix_alpha": 1.0}),
            ("both", {"mixup_alpha": 0.8, "cutmix_alpha": 1.0, "prob": 0.8}),
        ):

            def make(mode: str = mode, alphas: dict[str, float] = alphas) -> Any:
                return mixup.Mixup(mode=mode, num_classes=10, **alphas)

            yield "timm", f"Mixup, {mode}, {words}", make, options


def of_kornia() -> Iterator[Mode]:
    augmentation = import_module("kornia.augmentation")
    ids = {"labels": "indices", "classes": 10, "shape": IMAGE}
    keys = {"data_keys": ["input", "class"]}
    yield "kornia", "RandomMixUpV2", lambda: augmentation.RandomMixUpV2(**keys), ids
    yield "kornia", "RandomMixUpV2, by chance", lambda: augmentation.RandomMixUpV2(p=0.5, **keys), ids
    yield "kornia", "RandomCutMixV2", lambda: augmentation.RandomCutMixV2(**keys), ids


def of_keras() -> Iterator[Mode]:
    keras = import_module("keras")
    options = {"batch": ("images", "labels"), "shape": (8, 8, 3), "classes": 10, "framework": "torch"}

    def layer(name: str) -> Any:
        made = getattr(keras.layers, name)()
        return lambda batch: made(batch, training=True)

    yield "keras", "MixUp", lambda: layer("MixUp"), options
    yield "keras", "CutMix", lambda: layer("CutMix"), options


def functions_of(path: str) -> dict[str, Any]:
    """Load the functions of one file of a package that cannot be imported whole, for what it needs besides."""
    kept, known = [], {"numpy", "torch", "math", "random", "typing", "scipy", "__future__"}
    site = Path(import_module("torch").__file__ or "").parent.parent
    for node in ast.parse((site / path).read_text(encoding="utf-8")).body:
        imported = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        imported += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.FunctionDef) or (imported and {n.partition(".")[0] for n in imported} <= known):
            kept.append(node)
    scope: dict[str, Any] = {"to_2tuple": lambda value: (value, value), "Tensor": import_module("torch").Tensor}
    exec(compile(ast.Module(kept, []), path, "exec"), scope)  # noqa: S102  # a published file
    return scope


def of_openmixup() -> Iterator[Mode]:
    torch = import_module("torch")
    torch.Tensor.cuda = lambda tensor, *_, **__: tensor  # its functions move indices to a device that need not be there
    ids = {"labels": "indices", "classes": 10, "shape": (3, 32, 32), "in_place": True}
    for name in ("mixup", "cutmix", "fmix", "gridmix", "smoothmix", "resizemix"):

        def make(name: str = name) -> Any:
            function = functions_of(f"openmixup/models/augments/{name}.py")[name]
            given: dict[str, dict[str, Any]] = {"gridmix": {"n_holes": 3}, "fmix": {"size": (32, 32)}}
            options = given.get(name, {})
            return lambda x, y: function(x, y, alpha=1.0, **options)

        yield "openmixup", name, make, ids


def of_mosaicml() -> Iterator[Mode]:
    def make(name: str) -> Any:
        function = functions_of(f"composer/algorithms/{name}/{name}.py")[f"{name}_batch"]
        return lambda x, y: function(x, y)[:3]

    ids = {"labels": "indices", "classes": 10, "shape": IMAGE}
    yield "mosaicml", "mixup_batch", lambda: make("mixup"), ids
    yield "mosaicml", "cutmix_batch", lambda: make("cutmix"), ids


def of_fastai() -> Iterator[Mode]:
    callbacks = import_module("fastai.callback.mixup")

    def driven(name: str, *, stacked: bool) -> Any:
        """Drive a callback as a learner does, around one batch."""

        def mix(x: Any, y: Any) -> Any:
            callback = getattr(callbacks, name)(0.4)
            callback.learn = SimpleNamespace(xb=(x,), yb=(y,), x=x, y=y, loss_func=SimpleNamespace(y_int=stacked))
            callback.stack_y, callback.learn.xb = stacked, (x,)
            callback.before_batch()
            mixed = callback.learn.xb[0]
            return (mixed, (y, callback.yb1[0], callback.lam)) if stacked else (mixed, callback.learn.yb[0])

        return mix

    ids = {"labels": "indices", "classes": 10, "shape": IMAGE}
    yield "fastai", "MixUp, indices", lambda: driven("MixUp", stacked=True), ids
    yield "fastai", "MixUp, rows", lambda: driven("MixUp", stacked=False), {"shape": IMAGE}
    yield "fastai", "CutMix, indices", lambda: driven("CutMix", stacked=True), {**ids, "in_place": True}


def of_mixup() -> Iterator[Mode]:
    mixup = import_module("mixup")
    yield "mixup", "VanillaMixUp, rows", lambda: mixup.VanillaMixUp(alpha=0.4), {"shape": IMAGE}
    yield "mixup", "VanillaMixUp, indices", lambda: mixup.VanillaMixUp(alpha=0.4), {"shape": IMAGE, "labels": "indices"}
    yield "mixup", "CutMix, rows", lambda: mixup.CutMix(alpha=1.0), {"shape": IMAGE}


LIBRARIES = (of_torchvision, of_timm, of_kornia, of_keras, of_fastai, of_mosaicml, of_openmixup, of_mixup)


def verdict(make: Callable[[], Any], options: dict[str, Any]) -> str:
    """Say what is found over all seeds, and how the mode mixes."""
    from symmix.testing import probe_mixing  # noqa: PLC0415  # the outer process need not have it

    reports = [probe_mixing(make(), seed=seed, **{"framework": "torch", **options}) for seed in SEEDS]
    failed = [report for report in reports if report.failed]
    if failed:
        names = ", ".join(dict.fromkeys(f.name for report in failed for f in report.findings if not f.remark))
        return f"failed for {len(failed)} of {len(reports)} seeds: {names}"
    report = reports[0]
    weighs = f"; lam weighs the {report.weighs} sample" if report.weighs else ""
    return f"passed: {', '.join(report.kinds)}; {report.pairing.kind}; one ratio a {report.ratio.per}{weighs}"


def lines(missing: dict[str, str]) -> Iterator[str]:
    """Print one line a mode; `missing` are libraries that could not be installed, each with the reason."""
    for library in LIBRARIES:
        name = library.__name__.removeprefix("of_")
        if name in missing:
            yield f"| {name} | | not installed: {missing[name]} | |"
            continue
        try:
            modes = list(library())
        except Exception as error:  # noqa: BLE001  # whatever keeps a library from being imported
            yield f"| {name} | | not run: {type(error).__name__}: {str(error).splitlines()[0]} | |"
            continue
        for package, mode, make, options in modes:
            begin = time.process_time()
            try:
                said = verdict(make, options)
            except Exception as error:  # noqa: BLE001  # told in the table
                said = f"cannot be called: {type(error).__name__}: {' '.join(str(error).split())[:160]}"
            seconds = (time.process_time() - begin) / len(SEEDS)
            yield f"| {package} {version(package)} | {mode} | {said} | {seconds:.1f} s |"


def installed(python: Path, *options: str) -> str:
    """Install with pip; return why it could not be done, or nothing."""
    command = [str(python), "-m", "pip", "install", "-q", *options]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
    return "" if done.returncode == 0 else (said or [f"pip ended with {done.returncode}"])[0].removeprefix("ERROR: ")


def prepared(python: Path) -> dict[str, str]:
    """Install everything, each library by itself; say of those that cannot be why: it is a line of the table."""
    needed = installed(python, "-e", f"{ROOT}[testing]", TORCH[0])
    if needed:
        raise SystemExit(f"without symmix and torch there is nothing to print: {needed}")
    missing = {name: why for name in (TORCH[1], *PACKAGES) if (why := installed(python, name, TORCH[0]))}
    missing |= {name: why for name in BARE if (why := installed(python, "--no-deps", name))}
    return {name.partition("==")[0]: why for name, why in missing.items()}


def main() -> int:
    if "--inside" in sys.argv:
        print("| library | mode | verdict over five seeds | a probe takes |\n|---|---|---|---|")  # noqa: T201
        for line in lines(json.loads(sys.argv[-1])):
            print(line, flush=True)  # noqa: T201
        return 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = Path(folder) / "bin" / "python"
        command = [str(python), __file__, "--inside", json.dumps(prepared(python))]
        return subprocess.run(command, check=False, env={"KERAS_BACKEND": "torch", "HOME": folder}).returncode


if __name__ == "__main__":
    sys.exit(main())
