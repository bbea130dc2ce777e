"""Whose turn it is among the addresses of a service."""

from collections import Counter

from chassis.network.endpoints import Endpoint, Endpoints, Standing


def _endpoints(*origins: str) -> Endpoints:
    made = Endpoints("market")
    made.set_origins(origins)
    return made


def _chosen(endpoints: Endpoints, times: int) -> Counter[str]:
    chosen = [endpoints.choose() for _ in range(times)]
    return Counter(endpoint.origin for endpoint in chosen if endpoint is not None)


def test_each_has_its_turn() -> None:
    assert _chosen(_endpoints("a", "b", "c"), 30) == {"a": 10, "b": 10, "c": 10}


def test_one_that_is_down_is_left_out_until_it_is_back() -> None:
    endpoints = _endpoints("a", "b", "c")
    endpoints.mark(endpoints.all[0], Standing.DOWN)
    assert _chosen(endpoints, 30) == {"b": 15, "c": 15}
    endpoints.mark(endpoints.all[0], Standing.READY)
    assert _chosen(endpoints, 30) == {"a": 10, "b": 10, "c": 10}


def test_where_none_is_ready_those_that_answer_are_asked() -> None:
    endpoints = _endpoints("a", "b", "c")
    for endpoint, standing in zip(endpoints.all, (Standing.DOWN, *[Standing.UNREADY] * 2), strict=True):
        endpoints.mark(endpoint, standing)
    assert _chosen(endpoints, 30) == {"b": 15, "c": 15}


def test_where_all_are_down_they_are_asked_all_the_same() -> None:
    endpoints = _endpoints("a", "b")
    for endpoint in endpoints.all:
        endpoints.mark(endpoint, Standing.DOWN)
    assert _chosen(endpoints, 10) == {"a": 5, "b": 5}


def test_one_that_was_tried_is_not_chosen_again() -> None:
    endpoints = _endpoints("a", "b")
    tried: list[Endpoint] = []
    while (endpoint := endpoints.choose(tried)) is not None:
        tried.append(endpoint)
    assert sorted(endpoint.origin for endpoint in tried) == ["a", "b"]


def test_a_service_without_an_address_has_no_turn() -> None:
    assert Endpoints("market").choose() is None


def test_an_address_that_stays_keeps_its_standing_and_one_that_went_is_forgotten() -> None:
    endpoints = _endpoints("a", "b")
    endpoints.mark(endpoints.all[1], Standing.DOWN)
    endpoints.set_origins(["b", "c"])
    assert {endpoint.origin: endpoint.standing for endpoint in endpoints.all} == {
        "b": Standing.DOWN,
        "c": Standing.READY,
    }
