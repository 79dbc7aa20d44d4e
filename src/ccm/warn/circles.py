"""Circles of guarantees: people who answer for one another, directly or round about (W1).

Whoever guarantees points at whoever owes; those who can all be reached from one another are a circle, which is what
a strongly connected component of more than one is. Found in one walk, without recursion: a village may be one circle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def circles(edges: Iterable[tuple[str, str]]) -> list[frozenset[str]]:
    """Return the circles of a graph, largest first, then by their names.

    Args:
        edges: Pairs (guarantor, debtor); one who guarantees for themselves makes no circle.
    """
    graph: dict[str, set[str]] = {}
    for guarantor, debtor in edges:
        graph.setdefault(guarantor, set()).add(debtor)
        graph.setdefault(debtor, set())
    found = [group for group in _components(graph) if len(group) > 1]
    return sorted(found, key=lambda group: (-len(group), sorted(group)))


def _components(graph: dict[str, set[str]]) -> Iterator[frozenset[str]]:
    """Walk as Tarjan does: a node whose lowest reachable number is its own closes a component."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    waiting: list[str] = []
    on_stack: set[str] = set()
    for root, out in graph.items():
        trail = [] if root in number else [(root, iter(out))]
        while trail:
            node, ahead = trail[-1]
            if node not in number:
                number[node] = low[node] = len(number)
                waiting.append(node)
                on_stack.add(node)
            following = next((one for one in ahead if one not in number or one in on_stack), None)
            if following is None:
                trail.pop()
                if trail:
                    low[trail[-1][0]] = min(low[trail[-1][0]], low[node])
                if low[node] == number[node]:
                    group = {waiting.pop()}
                    while node not in group:
                        group.add(waiting.pop())
                    on_stack -= group
                    yield frozenset(group)
            elif following in number:
                low[node] = min(low[node], number[following])
            else:
                trail.append((following, iter(graph[following])))
