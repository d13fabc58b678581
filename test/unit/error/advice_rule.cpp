#include <oauth/error/advice_rule.hpp>
#include <boost/test/unit_test.hpp>
#include <array>
#include <string_view>

namespace {

using enum oauth::advice;

oauth::failure said(std::string_view error, std::string_view suberror, std::string_view description, std::vector<std::uint32_t> codes)
{
    oauth::failure why(oauth::server_errc::invalid_grant, give_up, "first hint");
    why.server.error = error;
    why.server.suberror = suberror;
    why.server.error_description = description;
    why.server.error_codes = std::move(codes);
    return why;
}

} // namespace

BOOST_AUTO_TEST_SUITE(error_advice_rule)

BOOST_AUTO_TEST_CASE(each_member_narrows)
{
    auto const why = said("invalid_grant", "bad_token", "AADSTS70008: text", {70002, 70008});
    struct row
    {
        oauth::advice_rule rule;
        bool expected;
    };
    for (auto const& [rule, expected] : {
             row{{}, true},
             row{{.vendor = "AADSTS"}, true},
             row{{.vendor = "AADB2C"}, false},
             row{{.vendor = "ADSTS"}, false},
             row{{.number = 70002}, true},
             row{{.number = 70008}, true},
             row{{.number = 7000}, false},
             row{{.error = "invalid_grant"}, true},
             row{{.error = "invalid"}, false},
             row{{.suberror = "bad_token"}, true},
             row{{.suberror = "token"}, false},
             row{{.vendor = "AADSTS", .number = 70008, .error = "invalid_grant", .suberror = "bad_token"}, true},
             row{{.vendor = "AADB2C", .number = 70008, .error = "invalid_grant", .suberror = "bad_token"}, false},
             row{{.vendor = "AADSTS", .number = 1, .error = "invalid_grant", .suberror = "bad_token"}, false},
             row{{.vendor = "AADSTS", .number = 70008, .error = "x", .suberror = "bad_token"}, false},
             row{{.vendor = "AADSTS", .number = 70008, .error = "invalid_grant", .suberror = "x"}, false},
         })
        BOOST_TEST(rule.matches(why) == expected, rule.vendor << ' ' << rule.number << ' ' << rule.error << ' ' << rule.suberror);
}

BOOST_AUTO_TEST_CASE(the_first_match_decides)
{
    std::array<oauth::advice_rule, 3> const rules{{
        {.number = 2, .next = consent, .hint = "two"},
        {.number = 1, .next = sign_in_again, .hint = "one"},
        {.number = 1, .next = retry, .hint = "one again"},
    }};
    auto why = said("invalid_grant", "", "", {1});
    oauth::advise(rules, why);
    BOOST_TEST((why.next == sign_in_again));
    BOOST_TEST(why.hint == "one");
}

BOOST_AUTO_TEST_CASE(without_a_match_all_stays)
{
    std::array<oauth::advice_rule, 1> const rules{{{.number = 2, .next = consent, .hint = "two"}}};
    auto why = said("invalid_grant", "", "", {1});
    oauth::advise(rules, why);
    BOOST_TEST((why.next == give_up));
    BOOST_TEST(why.hint == "first hint");
    oauth::advise({}, why);
    BOOST_TEST((why.next == give_up));
}

BOOST_AUTO_TEST_CASE(a_row_without_a_hint_keeps_the_one_there_is)
{
    std::array<oauth::advice_rule, 1> const rules{{{.number = 1, .next = consent}}};
    auto why = said("", "", "", {1});
    oauth::advise(rules, why);
    BOOST_TEST((why.next == consent));
    BOOST_TEST(why.hint == "first hint");
}

// A failure of the transport is none of the provider's business, even where a row matches everything.
BOOST_AUTO_TEST_CASE(what_no_server_said_stays)
{
    std::array<oauth::advice_rule, 1> const rules{{{.next = consent, .hint = "all"}}};
    oauth::failure why(oauth::errc::connect_failed, retry);
    oauth::advise(rules, why);
    BOOST_TEST((why.next == retry));
    BOOST_TEST(why.hint.empty());
    auto reported = said("x", "", "", {});
    oauth::advise(rules, reported);
    BOOST_TEST((reported.next == consent));
}

BOOST_AUTO_TEST_CASE(the_servers_waiting_time_is_kept)
{
    std::array<oauth::advice_rule, 2> const rules{{{.number = 1, .next = retry}, {.number = 2, .next = sign_in_again}}};
    auto why = said("", "", "", {1});
    why.retry_after = std::chrono::seconds{7};
    oauth::advise(rules, why);
    BOOST_TEST((why.next == retry_after));
    auto other = said("", "", "", {2});
    other.retry_after = std::chrono::seconds{7};
    oauth::advise(rules, other);
    BOOST_TEST((other.next == sign_in_again));
}

BOOST_AUTO_TEST_CASE(the_row_itself)
{
    std::array<oauth::advice_rule, 2> const rules{{{.number = 1, .next = sign_in_again, .session_lives = true}, {.number = 1, .next = consent}}};
    BOOST_TEST(oauth::find_rule(rules, said("", "", "", {1})) == &rules[0]);
    BOOST_TEST(oauth::find_rule(rules, said("", "", "", {2})) == nullptr);
    BOOST_TEST(oauth::find_rule({}, said("", "", "", {1})) == nullptr);
    std::array<oauth::advice_rule, 1> const all{{{.next = consent}}};
    BOOST_TEST(oauth::find_rule(all, oauth::failure(oauth::errc::connect_failed, retry)) == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
