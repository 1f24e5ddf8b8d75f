"""What a yes is signed over, and how one signs it with OpenSSH's own tool."""

from dataclasses import dataclass

from bot.model.event.consent import Proposed
from bot.model.ruling import Way

#: Signatures for anything else carry another namespace.
NAMESPACE = "runbook-bot-approve"


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signature that holds."""

    #: Whose it is, as the allowed signers name them.
    signer: str
    #: Armored, nothing around it.
    signature: str


def text_to_sign(proposed: Proposed, *, is_glass: bool = False) -> str:
    """One line of plain ASCII, for exactly this approval: its digest covers host, commands and evidence.

    An ordinary yes cannot be turned into a broken glass.
    """
    verb = "break-glass" if is_glass else "approve"
    return f"{verb} {proposed.approval} {proposed.digest}"


def sign_command(proposed: Proposed, *, is_glass: bool = False) -> str:
    """What to type where the key is; it prints the signature."""
    text = text_to_sign(proposed, is_glass=is_glass)
    return f"printf %s '{text}' | ssh-keygen -Y sign -n {NAMESPACE} -f ~/.ssh/id_ed25519"


def is_to_be_signed(proposed: Proposed) -> bool:
    """Whether a yes to it needs a signature."""
    terms = proposed.ruling.question.terms if proposed.ruling else None
    return terms is not None and terms.is_signed


def text_of_vote(proposed: Proposed, way: Way) -> str:
    """What a vote that came in by this door was signed over."""
    return text_to_sign(proposed, is_glass=way is Way.BREAK_GLASS)
