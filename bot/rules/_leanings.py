"""Which causes a kind of sign fits, and how well: the table behind the ranking of causes no rule names.

Points add up over the different kinds of a text, on the scale of the rules' weights for what is possible:
30 a sign that is typical of the cause, 20 one that often comes with it, 10 one that fits; below 0 it
speaks against it. A name is a sign's kind, or a kind and what it says more precisely (`_features.py`).

Source: what the programs log in each of these states, as the rule of the cause cites it; where one line
stands for several causes, how often public threads settled on each.
"""

from collections.abc import Mapping
from itertools import chain

from bot.rules._leanings_of_apps import OF_APPS
from bot.rules._leanings_of_calls import OF_CALLS
from bot.rules._leanings_of_people import OF_PEOPLE
from bot.rules._leanings_of_places import OF_PLACES
from bot.rules._leanings_of_proxies import OF_PROXIES

#: Name of a feature -> cause -> points.
LEANINGS: Mapping[str, Mapping[str, int]] = dict(chain(OF_CALLS, OF_PROXIES, OF_APPS, OF_PLACES, OF_PEOPLE))
