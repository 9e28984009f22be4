"""A field or formulas typed by hand, held against what the losses of a game give."""

from stabcheck.audit.field import Audit, Departure, audit
from stabcheck.audit.formulas import Check, Entry, FormulaAudit, audit_formulas
from stabcheck.audit.loading import Typed, load
from stabcheck.audit.taylor import Taylor, Term

__all__ = [
    "Audit",
    "Check",
    "Departure",
    "Entry",
    "FormulaAudit",
    "Taylor",
    "Term",
    "Typed",
    "audit",
    "audit_formulas",
    "load",
]
