"""What elements are about, as MIRIAM annotations: ChEBI, UniProt, Uberon, DOI, PubMed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from neurohumor.errors import NeurohumorError
from neurohumor.evidence.evidence import citations
from neurohumor.lang.system import System
from neurohumor.names import substance

RESOLVER = "https://identifiers.org/"
_SPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:bqbiol="http://biomodels.net/biology-qualifiers/" '
    'xmlns:bqmodel="http://biomodels.net/model-qualifiers/"'
)
PLACES = {
    "blood": "0001969", "csf": "0001359", "liver": "0002107", "brain": "0000955", "pfc": "0000451", "cortex": "0000956",
    "striatum": "0002435", "hippocampus": "0002421", "white": "0002316", "locus": "0002148",
}  # fmt: skip
"""Places of the vocabulary in Uberon, where one term says the same."""
PRECURSORS = {
    "acth": "P01189", "insulin": "P01308", "glucagon": "P01275", "oxytocin": "P01178", "igf1": "P05019", "leptin": "P41159",
    "cbg": "P08185",
}  # fmt: skip
"""Human proteins in UniProt of which a hormone is the whole or a part."""


@dataclass(frozen=True, slots=True)
class About:
    """One statement: a qualifier ("bqbiol:is") and an address."""

    qualifier: str
    address: str


def annotation(metaid: str, found: Iterable[About]) -> str:
    """The element <annotation>, or nothing where there is nothing to say."""
    statements: dict[str, list[str]] = {}
    for one in dict.fromkeys(found):
        statements.setdefault(one.qualifier, []).append(f"<rdf:li rdf:resource={quoteattr(one.address)}/>")
    if not statements:
        return ""
    bags = "".join(f"<{q}><rdf:Bag>{''.join(items)}</rdf:Bag></{q}>" for q, items in statements.items())
    return f'<annotation><rdf:RDF {_SPACES}><rdf:Description rdf:about="#{metaid}">{bags}</rdf:Description></rdf:RDF></annotation>'


def of_substance(name: str) -> list[About]:
    """What a quantity or a row is about, by the substance in its name."""
    word = name.rpartition(".")[2]
    while word:
        try:
            found = substance(word)
        except NeurohumorError:
            word = word.rpartition("_")[0]
            continue
        about = [] if found.chebi is None else [About("bqbiol:is", f"{RESOLVER}CHEBI:{found.chebi}")]
        protein = PRECURSORS.get(found.key)
        return about if protein is None else [*about, About("bqbiol:isVersionOf", f"{RESOLVER}uniprot:{protein}")]
    return []


def of_place(name: str) -> list[About]:
    """Where a quantity is."""
    place = name.partition(".")[0]
    return [About("bqbiol:is", f"{RESOLVER}UBERON:{PLACES[place]}")] if place in PLACES else []


def of_cite(cite: str, qualifier: str = "bqbiol:isDescribedBy") -> list[About]:
    """The sources of a number."""
    if not cite:
        return []
    try:
        found = [reference for reference, _ in citations(cite)]
    except NeurohumorError:
        return []
    about = [f"doi:{r['doi']}" if r["doi"] else f"pubmed:{r['pmid']}" for r in found if r["doi"] or r["pmid"]]
    return [About(qualifier, RESOLVER + one) for one in about]


def of_system(system: System) -> list[About]:
    """The sources of all its numbers."""
    return [one for row in system.params for one in of_cite(row.cite, "bqmodel:isDescribedBy")]
