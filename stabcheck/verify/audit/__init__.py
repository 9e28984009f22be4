"""A field or formulas typed by hand, held against what the losses of a game give."""

from stabcheck.verify.audit.field import Audit, Departure, audit
from stabcheck.verify.audit.formulas import Check, Entry, FormulaAudit, audit_formulas
from stabcheck.verify.audit.loading import Typed, load
from stabcheck.verify.audit.taylor import Taylor, Term

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
