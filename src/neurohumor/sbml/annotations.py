"""What elements are about, as MIRIAM annotations: ChEBI, UniProt, HGNC, Uberon, DOI, PubMed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from neurohumor.errors import NeurohumorError
from neurohumor.evidence.evidence import citations
from neurohumor.lang.system import System
from neurohumor.names import find_substance

RESOLVER = "https://identifiers.org/"
_SPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:bqbiol="http://biomodels.net/biology-qualifiers/" '
    'xmlns:bqmodel="http://biomodels.net/model-qualifiers/"'
)
PLACES = {
    "blood": "0001969", "csf": "0001359", "liver": "0002107", "brain": "0000955", "pfc": "0000451", "cortex": "0000956",
    "striatum": "0002435", "hippocampus": "0002421", "white": "0002316", "locus": "0002148", "gut": "0001555",
}  # fmt: skip
"""Places of the vocabulary in Uberon, where one term says the same."""
PARTLY = frozenset({"cortex"})
"""Places that are only a part of what the term says."""
PROTEINS = {
    "acth": ("isPartOf", "P01189", 9201), "endorphin": ("isPartOf", "P01189", 9201), "insulin": ("isPartOf", "P01308", 6081),
    "c_peptide": ("isPartOf", "P01308", 6081), "glucagon": ("isPartOf", "P01275", 4191), "oxytocin": ("isPartOf", "P01178", 8528),
    "vasopressin": ("isPartOf", "P01185", 894), "igf1": ("is", "P05019", 5464), "leptin": ("is", "P41159", 6553),
    "albumin": ("is", "P02768", 399), "tsh": ("hasPart", "P01222", 12372), "cbg": ("is", "P08185", None),
}  # fmt: skip
"""Of hormones that are proteins, or cut from one: how they stand to a human protein in UniProt, and the number of its gene in HGNC."""


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
        found = find_substance(word)
        if found is None:
            word = word.rpartition("_")[0]
            continue
        about = [] if found.chebi is None else [About("bqbiol:is", f"{RESOLVER}CHEBI:{found.chebi}")]
        return [*about, *_of_protein(found.key)]
    return []


def _of_protein(key: str) -> list[About]:
    """The protein that a substance is, or is a part of, and the gene that encodes it."""
    if key not in PROTEINS:
        return []
    relation, protein, gene = PROTEINS[key]
    about = [About(f"bqbiol:{relation}", f"{RESOLVER}uniprot:{protein}")]
    return about if gene is None else [*about, About("bqbiol:isEncodedBy", f"{RESOLVER}hgnc:{gene}")]


def of_quantity(name: str) -> list[About]:
    """What a number is a property of, by the name of the quantity that it is."""
    return [About("bqbiol:isPropertyOf", one.address) for one in of_substance(name) if one.qualifier != "bqbiol:isEncodedBy"]


def term_of(found: Iterable[About]) -> str:
    """The term of the Systems Biology Ontology for a pool of something."""
    told = [one.address for one in found]
    if any("uniprot:" in address for address in told):
        return "SBO:0000252"  # polypeptide chain
    return "SBO:0000247" if any("CHEBI:" in address for address in told) else "SBO:0000240"  # simple chemical, material entity


def of_place(name: str) -> list[About]:
    """Where a quantity is."""
    place = name.partition(".")[0]
    qualifier = "bqbiol:isPartOf" if place in PARTLY else "bqbiol:is"
    return [About(qualifier, f"{RESOLVER}UBERON:{PLACES[place]}")] if place in PLACES else []


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
