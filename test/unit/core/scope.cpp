#include <oauth/core/scope.hpp>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <string>
#include <vector>

namespace {

std::string numbers(int from, int to)
{
    std::string text;
    for (int i = from; i < to; ++i) text += std::to_string(i) + ' ';
    return text;
}

std::string trimmed(std::string text)
{
    if (text.ends_with(' ')) text.pop_back();
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_scope)

BOOST_AUTO_TEST_CASE(keeps_its_order_and_drops_what_is_there_already)
{
    struct row
    {
        std::string_view text;
        std::string_view expected;
    };
    for (auto const& [text, expected] : {
             row{"", ""},
             row{"   ", ""},
             row{"openid", "openid"},
             row{" openid  profile ", "openid profile"},
             row{"b a b c a", "b a c"},
             row{"a\tb\r\nc", "a b c"},
             row{"A a", "A a"},
         })
        BOOST_TEST(oauth::scope(text).str() == expected);
}

BOOST_AUTO_TEST_CASE(made_in_each_way)
{
    BOOST_TEST(oauth::scope().empty());
    BOOST_TEST(oauth::scope("a b").str() == "a b");
    BOOST_TEST(oauth::scope(std::string("a b")).str() == "a b");
    oauth::scope const two = {"offline_access", "Bookings.ReadWrite.All"};
    BOOST_TEST(two.str() == "offline_access Bookings.ReadWrite.All");
    oauth::scope const one = {"a"};
    BOOST_TEST(one.str() == "a");
    oauth::scope const several = {"a b", "b c", ""};
    BOOST_TEST(several.str() == "a b c");
    oauth::scope const none = {};
    BOOST_TEST(none.empty());
}

BOOST_AUTO_TEST_CASE(add_also_itself)
{
    oauth::scope grown("a");
    grown.add("b a");
    BOOST_TEST(grown.str() == "a b");
    grown.add(grown.str());
    BOOST_TEST(grown.str() == "a b");
}

BOOST_AUTO_TEST_CASE(a_null_pointer_is_empty)
{
    char const* const none = nullptr;
    BOOST_TEST(oauth::scope(none).empty());
}

BOOST_AUTO_TEST_CASE(many_tokens_are_a_set_like_few)
{
    for (int count : {31, 32, 33, 34, 1000})
    {
        auto const text = numbers(0, count);
        oauth::scope grown("5 x 3");
        grown.add(" " + text + "x\t0  7 new new");
        auto expected = "5 x 3 " + text;
        for (std::string const there : {" 3 ", " 5 "}) expected.replace(expected.find(there, 5), there.size(), " ");
        BOOST_TEST(grown.str() == expected + "new");
        grown.add(grown.str());
        BOOST_TEST(grown.str() == expected + "new");
        BOOST_TEST(oauth::scope(text + text).str() == trimmed(text));
    }
}

// A server's answer may be a mebibyte of scope; one look at all of it for each token would take minutes.
BOOST_AUTO_TEST_CASE(a_million_bytes_take_no_time)
{
    auto const text = numbers(0, 150'000);
    std::clock_t const began = std::clock();   // of this process: the machine may have other work
    oauth::scope const all(text);
    oauth::scope const twice(text + std::string(100, ' ') + text);
    auto const took = (std::clock() - began) / CLOCKS_PER_SEC;
    BOOST_TEST(all.str() == trimmed(text));
    BOOST_TEST((all == twice));
    BOOST_TEST(took < 10);
}

BOOST_AUTO_TEST_CASE(limits_of_what_comes_from_outside)
{
    BOOST_TEST(oauth::scope::within_limits(""));
    BOOST_TEST(oauth::scope::within_limits(numbers(0, 1024)));
    BOOST_TEST(!oauth::scope::within_limits(numbers(0, 1025)));
    BOOST_TEST(oauth::scope::within_limits(std::string(64 * 1024, 'x')));
    BOOST_TEST(!oauth::scope::within_limits(std::string(64 * 1024 + 1, 'x')));
    BOOST_TEST(oauth::scope::within_limits(std::string(60'000, ' ')));
}

BOOST_AUTO_TEST_CASE(contains_whole_tokens)
{
    oauth::scope const granted("User.Read Mail.Send");
    BOOST_TEST(granted.contains("User.Read"));
    BOOST_TEST(!granted.contains("user.read"));
    BOOST_TEST(!granted.contains("User"));
    BOOST_TEST(!granted.contains("User.Read Mail.Send"));
    BOOST_TEST(!granted.contains(""));
}

BOOST_AUTO_TEST_CASE(for_each_goes_in_order)
{
    std::vector<std::string> seen;
    oauth::scope("c a b").for_each([&](std::string_view token) { seen.emplace_back(token); });
    BOOST_TEST(seen == (std::vector<std::string>{"c", "a", "b"}), boost::test_tools::per_element());
}

// RFC 6749 3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
BOOST_AUTO_TEST_CASE(valid_holds_the_rfcs_characters_only)
{
    for (int c = 1; c < 256; ++c)
    {
        bool const blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        bool const allowed = blank || (c >= 0x21 && c <= 0x7e && c != '"' && c != '\\');
        std::string const text = std::string("a") + static_cast<char>(c) + "b";
        BOOST_TEST(oauth::scope(text).valid() == allowed, "character " << c);
    }
    BOOST_TEST(!oauth::scope(std::string("a\0b", 3)).valid());
    BOOST_TEST(oauth::scope().valid());
}

BOOST_AUTO_TEST_CASE(equal_as_text)
{
    BOOST_TEST((oauth::scope("a b") == oauth::scope(" a  b a")));
    BOOST_TEST((oauth::scope("a b") != oauth::scope("b a")));
}

BOOST_AUTO_TEST_CASE(covers_compares_as_sets)
{
    struct row
    {
        std::string_view granted;
        std::string_view wanted;
        std::string_view resource;
        bool expected;
    };
    std::string_view const graph = "https://graph.microsoft.com/";
    for (auto const& [granted, wanted, resource, expected] : {
             row{"a b c", "c a", "", true},
             row{"a b", "a c", "", false},
             row{"a", "", "", true},
             row{"", "a", "", false},
             row{"", "", "", true},
             row{"User.Read", "user.read", "", true},
             // No access token carries these.
             row{"User.Read", "openid profile email offline_access address phone User.Read", "", true},
             row{"", "openid offline_access", "", true},
             row{"User.Read", "openid2", "", false},
             // Graph's own scopes, with and without the prefix.
             row{"User.Read", "https://graph.microsoft.com/User.Read", graph, true},
             row{"https://graph.microsoft.com/User.Read", "User.Read", graph, true},
             row{"HTTPS://Graph.Microsoft.com/User.Read", "User.Read", graph, true},
             row{"User.Read", "https://graph.microsoft.com/User.Read", "", false},
             // Another resource's scope of the same name is another scope.
             row{"https://api.example/User.Read", "User.Read", graph, false},
             row{"User.Read", "https://api.example/User.Read", graph, false},
             row{"https://graph.microsoft.com/", "User.Read", graph, false},
             row{"https://graph.microsoft.com.evil.example/User.Read", "User.Read", graph, false},
             // GitHub separates by commas.
             row{"repo,gist,read:org", "gist repo", "", true},
             row{"repo,gist,read:org", "read:org", "", true},
             row{"repo,gist", "user", "", false},
             row{"repo,", "repo", "", true},
             row{",,repo", "repo", "", true},
             row{",", "repo", "", false},
             row{"a,b", "a,b", "", true},
             row{"a,b", "a", "", true},
             row{"a,b,c", "b", "", true},
             row{"x a,b", "b,c", "", false},
             row{"a", "a,b", "", false},
             row{"https://graph.microsoft.com/a,b", "a", graph, true},
             row{"a,https://graph.microsoft.com/b", "b", graph, true},
             // The prefix counts once, and only whole.
             row{"https://graph.microsoft.com/https://graph.microsoft.com/User.Read", "https://graph.microsoft.com/User.Read", graph, false},
             row{"https://graph.microsoft.com/https://graph.microsoft.com/User.Read", "User.Read", graph, false},
             row{"https://graph.microsoft.com/", "https://graph.microsoft.com/", graph, true},
             row{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaUser.Read", "User.Read", graph, false},
             // In any order, and each found however often it is asked for.
             row{"a b c d", "d c b a", "", true},
             row{"a b c d", "b d a c", "", true},
             row{"a b", "A a B b", "", true},
             row{"a b c", "c a b x", "", false},
         })
        BOOST_TEST(oauth::covers(granted, wanted, resource) == expected, granted << " / " << wanted << " / " << resource);
}

BOOST_AUTO_TEST_CASE(covers_however_many_are_granted)
{
    for (int count : {1, 31, 32, 33, 34, 100})
    {
        auto const granted = numbers(0, count);
        BOOST_TEST(oauth::covers(granted, granted), count);
        BOOST_TEST(oauth::covers(granted, std::to_string(count - 1) + " 0"), count);
        BOOST_TEST(!oauth::covers(granted, std::to_string(count)), count);
        BOOST_TEST(!oauth::covers(granted, "0 " + std::to_string(count) + " 0"), count);
        BOOST_TEST(oauth::covers(granted + "x,y,z", "z y 0"), count);
        BOOST_TEST(oauth::covers("x,y,z " + granted, "z " + granted), count);
        BOOST_TEST(oauth::declined(granted, granted + "more").str() == "more", count);
    }
    std::string many = "0";
    for (int i = 1; i != 100; ++i) many += ',' + std::to_string(i);
    for (int i = 0; i != 100; ++i) BOOST_TEST(oauth::covers(many, std::to_string(i)), i);
    BOOST_TEST(oauth::covers(many, many));
    BOOST_TEST(!oauth::covers(many, "100"));
}

BOOST_AUTO_TEST_CASE(any_of_stops_at_the_first)
{
    std::vector<std::string> seen;
    oauth::scope const three("a bc d");
    BOOST_TEST(three.any_of([&](std::string_view token) { return seen.emplace_back(token), token == "bc"; }));
    BOOST_TEST(seen == (std::vector<std::string>{"a", "bc"}), boost::test_tools::per_element());
    BOOST_TEST(!three.any_of([](std::string_view) { return false; }));
    BOOST_TEST(!oauth::scope().any_of([](std::string_view) { return true; }));
}

BOOST_AUTO_TEST_CASE(declined_is_what_was_not_granted)
{
    struct row
    {
        std::string_view granted, wanted, resource, expected;
    };
    std::string_view const graph = "https://graph.microsoft.com/";
    for (auto const& [granted, wanted, resource, expected] : {
             row{"a b", "b a", "", ""},
             row{"a", "a b c", "", "b c"},
             row{"", "a openid", "", "a"},
             row{"User.Read profile openid email", "openid offline_access User.Read Bookings.ReadWrite.All", graph, "Bookings.ReadWrite.All"},
             row{"user.read", "https://graph.microsoft.com/User.Read", graph, ""},
             row{"User.Read Mail.Send", "https://graph.microsoft.com/.default", graph, ""},
             row{"", ".default", "", ""},
             row{"", "api://x/.default api://x/read", "", "api://x/read"},
             row{"", "x.default", "", "x.default"},
         })
        BOOST_TEST(oauth::declined(granted, wanted, resource).str() == expected, granted << " / " << wanted);
}

BOOST_AUTO_TEST_SUITE_END()
