"""Our numbers beside the SDK's: where both know a limit they agree, or the reason is written here."""

import inspect
from collections.abc import Mapping

import pytest
from slack_sdk.models import blocks as sdk
from slack_sdk.models.blocks import basic_components as basic
from slack_sdk.models.blocks import block_elements as elements
from slack_sdk.models.views import View

from bot.devslack.kit.blocks import BLOCKS
from bot.devslack.kit.elements import ELEMENTS
from bot.devslack.kit.limits import LIMITS
from bot.devslack.kit.look import Look

AGREE = {
    "section_text": sdk.SectionBlock.text_max_length,
    "section_fields": sdk.SectionBlock.fields_max_length,
    "header_text": sdk.HeaderBlock.text_max_length,
    "context_elements": sdk.ContextBlock.elements_max_length,
    "actions_elements": sdk.ActionsBlock.elements_max_length,
    "block_id": sdk.Block.block_id_max_length,
    "image_alt": sdk.ImageBlock.alt_text_max_length,
    "image_title": sdk.ImageBlock.title_max_length,
    "input_label": sdk.InputBlock.label_max_length,
    "input_hint": sdk.InputBlock.hint_max_length,
    "button_text": elements.ButtonElement.text_max_length,
    "button_value": elements.ButtonElement.value_max_length,
    "url": elements.ButtonElement.url_max_length,
    "placeholder": elements.InputInteractiveElement.placeholder_max_length,
    "markdown_text": sdk.MarkdownBlock.text_max_length,
    "context_actions": sdk.ContextActionsBlock.elements_max_length,
    "card_title": sdk.CardBlock.title_max_length,
    "card_body": sdk.CardBlock.body_max_length,
    "container_title": sdk.ContainerBlock.title_max_length,
    "container_children": sdk.ContainerBlock.child_blocks_max_length,
    "carousel_elements": sdk.CarouselBlock.elements_max_length,
    "action_id": elements.InteractiveElement.action_id_max_length,
    "overflow_options": elements.OverflowMenuElement.options_max_length,
    "select_options": elements.StaticSelectElement.options_max_length,
    "option_groups": elements.StaticSelectElement.option_groups_max_length,
    "confirm_title": basic.ConfirmObject.title_max_length,
    "confirm_text": basic.ConfirmObject.text_max_length,
    "confirm_button": basic.ConfirmObject.confirm_max_length,
    "option_text": basic.Option.label_max_length,
    "modal_title": View.title_max_length,
    "modal_button": View.submit_max_length,
    "view_blocks": View.blocks_max_length,
    "private_metadata": View.private_metadata_max_length,
    "callback_id": View.callback_id_max_length,
}


@pytest.mark.parametrize("name", AGREE)
def test_a_limit_is_the_sdks(name: str) -> None:
    assert LIMITS[name] == AGREE[name]


def test_option_values_are_held_to_the_shorter_of_two_published_limits() -> None:
    # @slack/types says 75, the SDK more: a bot that stays below 75 is right by both
    assert LIMITS["option_value"] <= basic.Option.value_max_length


#: What the SDK's base classes list, though the element's own page does not.
INHERITED = {"placeholder", "alt_text"}


def _sendable(module: object, known: Mapping[str, object]) -> list[tuple[str, str]]:
    found = set()
    for _, cls in inspect.getmembers(module, inspect.isclass):
        if getattr(cls, "type", None) in known:
            fields = object.__new__(cls).attributes
            found |= {(cls.type, field) for field in fields if field not in INHERITED}
    return sorted(found)


@pytest.mark.parametrize(("kind", "field"), _sendable(sdk.blocks, BLOCKS))
def test_a_field_of_the_sdks_block_is_known(kind: str, field: str) -> None:
    look = Look("view")
    BLOCKS[kind](look, {"type": kind, field: None}, "")

    assert "unknown_field" not in {problem.check for problem in look.problems}


@pytest.mark.parametrize(("kind", "field"), _sendable(elements, ELEMENTS))
def test_a_field_of_the_sdks_element_is_known(kind: str, field: str) -> None:
    look = Look("message")
    ELEMENTS[kind](look, {"type": kind, field: None}, "")

    assert "unknown_field" not in {problem.check for problem in look.problems}
