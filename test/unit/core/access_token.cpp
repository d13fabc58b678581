#include <oauth/core/access_token.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <limits>

namespace {

using oauth::seconds;
using oauth::time_point;
using namespace std::chrono_literals;

constexpr time_point noon{seconds{1'767'323'045}};

oauth::issued_token token(seconds life)
{
    return {.value = oauth::secret("token-1"), .received_at = noon, .expires_at = noon + life};
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_access_token)

BOOST_AUTO_TEST_CASE(an_empty_handle)
{
    oauth::access_token const none;
    BOOST_TEST(none.empty());
    BOOST_TEST(none.reveal() == "");
    BOOST_TEST(none.authorization().reveal() == "Bearer ");
}

BOOST_AUTO_TEST_CASE(a_handle_shares_its_token)
{
    oauth::access_token first(token(1h));
    auto const copy = first;
    BOOST_TEST(copy.reveal() == "token-1");
    BOOST_TEST(copy.reveal().data() == first.reveal().data());   // no copy of the secret
    first = {};
    BOOST_TEST(copy.reveal() == "token-1");
    BOOST_TEST((copy->expires_at == noon + 1h));
    BOOST_TEST((*copy).token_type == "Bearer");
    BOOST_TEST(copy.authorization().reveal() == "Bearer token-1");
}

BOOST_AUTO_TEST_CASE(fresh_until_the_margin_before_its_end)
{
    auto const hour = token(1h);
    struct row
    {
        seconds after;
        seconds margin;
        bool expected;
    };
    for (auto const& [after, margin, expected] : {
             row{0s, 0s, true},
             row{3599s, 0s, true},
             row{3600s, 0s, false},
             row{3601s, 0s, false},
             row{3299s, 5min, true},
             row{3300s, 5min, false},
             row{0s, 3599s, true},
             row{0s, 1h, false},
             row{0s, seconds::max(), false},
             row{1h, seconds::max(), false},
             // A clock that was turned back: a little is forgiven, more makes its times worthless.
             row{-1s, 0s, true},
             row{-5min, 0s, true},
             row{-301s, 0s, false},
             row{-24h, 0s, false},
         })
        BOOST_TEST(oauth::is_fresh(hour, noon + after, margin) == expected, after.count() << " s after, margin " << margin.count());
}

BOOST_AUTO_TEST_CASE(expired_when_it_came)
{
    BOOST_TEST(!oauth::is_fresh(token(0s), noon, 0s));
    BOOST_TEST(!oauth::is_fresh(token(-1s), noon, 0s));
    BOOST_TEST(!oauth::is_fresh(oauth::issued_token{}, noon, 0s));
}

BOOST_AUTO_TEST_CASE(due_from_refresh_at_on)
{
    auto early = token(1h);
    BOOST_TEST(!oauth::is_due(early, noon + 2h));
    early.refresh_at = noon + 30min;
    BOOST_TEST(!oauth::is_due(early, noon + 30min - 1s));
    BOOST_TEST(oauth::is_due(early, noon + 30min));
    BOOST_TEST(oauth::is_due(early, noon + 2h));
}

BOOST_AUTO_TEST_CASE(one_that_was_granted_less_lacks_some_of_what_it_was_asked_with)
{
    oauth::issued_token token;
    token.requested = "a b";
    token.granted = "a";
    BOOST_TEST(!oauth::lacks_some_of(token, "a b"));
    token.narrowed = true;
    BOOST_TEST(oauth::lacks_some_of(token, "a b"));
    BOOST_TEST(!oauth::lacks_some_of(token, "a"));
}

BOOST_AUTO_TEST_SUITE_END()
