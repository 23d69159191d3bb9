from billing_site.scenarios.matching import match


def divides(want, have):
    return have % want == 0


def test_one_to_one_in_any_order():
    assert match([7, 5, 3], [9, 14, 25], divides) == ([], [])


def test_a_partner_is_taken_over_when_its_loser_finds_another():
    # 2 fits both and takes 6 first, which is all that 3 fits.
    assert match([2, 3], [6, 4], divides) == ([], [])
    assert match([1, 2, 3], [6, 4, 5], divides) == ([], [])


def test_what_is_left_over_on_both_sides():
    assert match([2, 2, 3], [4, 5], divides) == ([2, 3], [5])
    assert match([], [1], divides) == ([], [1])
    assert match([1], [], divides) == ([1], [])
