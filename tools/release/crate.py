"""Describe a folder as a research object (RO-Crate): paper, data, code, license, contributors, every file.

What is said of the book and of the article stands in `CITATION.cff`; nothing is said twice.
"""

import json
import mimetypes
from pathlib import Path

from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate

from tools.project import archive
from tools.project.identity import LICENSES, citation

NAME = "ro-crate-metadata.json"
# What mimetypes does not know everywhere: a machine's own list must not change a byte.
TYPES = {".json": "application/json", ".csv": "text/csv", ".bib": "application/x-bibtex"}
TYPES |= {".epub": "application/epub+zip"}
PHENOPACKET = "http://phenopackets.org"
FHIR = "http://hl7.org/fhir/R4"


def describe(project: Path, folder: Path) -> Path:
    """Write `ro-crate-metadata.json` into a folder: the same bytes for the same files.

    Parameters
    ----------
    project : Path
        Where `CITATION.cff` is.
    folder : Path
        What is described: every file in it but the description itself.

    Returns
    -------
    Path
        The description.
    """
    book = citation(project)
    crate = ROCrate(gen_preview=False)
    crate.name, crate.description = book["title"], book["message"]
    crate.datePublished = str(book["date-released"])
    crate.root_dataset["version"] = str(book["version"])
    crate.root_dataset["keywords"] = book["keywords"]
    names = {}
    for short, (_, address) in LICENSES.items():
        names[short] = crate.add(ContextEntity(crate, address, {"@type": "CreativeWork", "name": short}))
    crate.license = names["CC-BY-4.0"]
    makers = {"@type": "Organization", "name": book["authors"][0]["name"]}
    crate.root_dataset["author"] = contributors = crate.add(ContextEntity(crate, "#contributors", makers))
    crate.root_dataset["about"] = [crate.add(_article(crate, one)) for one in book.get("references", [])]
    code = {"@type": "SoftwareSourceCode", "name": f"{book['title']}: code", "programmingLanguage": "Python"}
    code |= {"version": str(book["version"]), "description": "The library, the chapters and the tools behind the book."}
    source = crate.add(ContextEntity(crate, "#code", code))
    source["license"], source["author"] = names["MIT"], contributors
    crate.root_dataset["mentions"] = [source]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != NAME:
            crate.add_file(path, path.relative_to(folder).as_posix(), properties=_file(path))
    graph = crate.metadata.generate()
    graph["@graph"] = [_without_now(entity, crate.datePublished) for entity in sorted(graph["@graph"], key=_first)]
    target, text = folder / NAME, json.dumps(graph, indent=1, sort_keys=True, ensure_ascii=False, default=str)
    target.write_text(text + "\n", encoding="utf-8")
    return target


def _article(crate: ROCrate, reference: dict) -> ContextEntity:
    authors = [f"{one['given-names']} {one['family-names']}" for one in reference["authors"]]
    said = {"@type": "ScholarlyArticle", "name": reference["title"], "author": authors}
    said |= {"isPartOf": reference["journal"], "datePublished": str(reference["year"])}
    return ContextEntity(crate, f"https://doi.org/{reference['doi']}", said)


def _file(path: Path) -> dict:
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name, strict=True)[0] or "application/octet-stream"
    found = {"name": path.name, "encodingFormat": kind, "contentSize": str(path.stat().st_size)}
    found["sha256"] = archive.sha256(path)
    if path.parent.name in ("phenopackets", "fhir") and path.suffix == ".json":
        found["conformsTo"] = {"@id": PHENOPACKET if path.parent.name == "phenopackets" else FHIR}
    return found


def _first(entity: dict) -> tuple[bool, bool, str]:
    return entity["@id"] != NAME, entity["@id"] != "./", entity["@id"]


def _without_now(entity: dict, day) -> dict:
    """The root is dated to the release, not to the moment of the build."""
    return entity | {"datePublished": str(day)[:10]} if entity["@id"] == "./" else entity
