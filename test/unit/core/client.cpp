#include <oauth/core/client.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace {

oauth::client good()
{
    return {.id = "id", .secret = oauth::secret("CANARY"), .redirect_uri = "http://localhost:8400/", .scope = {"offline_access", "Bookings.ReadWrite.All"}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_client)

BOOST_AUTO_TEST_CASE(what_is_fit_for_use)
{
    BOOST_TEST(oauth::check(good()).has_value());
    BOOST_TEST(oauth::check({.id = "only an id"}).has_value());
    for (auto uri : {"https://app.example/callback?tenant=1", "http://localhost", "http://127.0.0.1:8400/cb", "urn:ietf:wg:oauth:2.0:oob", "com.example.app:/callback",
             "msal55555555-aaaa-4bbb-8ccc-666666666666://auth"})
    {
        auto who = good();
        who.redirect_uri = uri;
        BOOST_TEST(oauth::check(who).has_value(), uri);
    }
    auto longest = good();
    longest.redirect_uri = "https://app.example/" + std::string(2048 - 20, 'x');
    BOOST_TEST(oauth::check(longest).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_not)
{
    using enum oauth::errc;
    struct row
    {
        char const* what;
        void (*spoil)(oauth::client&);
        oauth::errc why;
        std::string_view hint;
    };
    for (auto const& [what, spoil, why, hint] : {
             row{"no id", [](oauth::client& who) { who.id.clear(); }, invalid_client, "client.id is empty"},
             row{"a quote in the scope", [](oauth::client& who) { who.scope.add("a\"b"); }, invalid_scope, "client.scope"},
             row{"a letter beyond ASCII in the scope", [](oauth::client& who) { who.scope.add("caf\xc3\xa9"); }, invalid_scope, "client.scope"},
             row{"a relative redirect URI", [](oauth::client& who) { who.redirect_uri = "/callback"; }, invalid_client, "client.redirect_uri is not an absolute URI"},
             row{"a redirect URI without scheme", [](oauth::client& who) { who.redirect_uri = "app.example/cb"; }, invalid_client, "client.redirect_uri is not an absolute URI"},
             row{"a host and a port without scheme", [](oauth::client& who) { who.redirect_uri = "localhost:8400/"; }, invalid_client,
                 "client.redirect_uri has no scheme: write http:// or https:// in front of the host"},
             row{"a blank in the redirect URI", [](oauth::client& who) { who.redirect_uri = "https://app.example/a b"; }, invalid_client,
                 "client.redirect_uri is not an absolute URI"},
             row{"a fragment", [](oauth::client& who) { who.redirect_uri = "https://app.example/#"; }, invalid_client, "client.redirect_uri has a fragment"},
             row{"a long redirect URI", [](oauth::client& who) { who.redirect_uri = "https://app.example/" + std::string(2048 - 19, 'x'); }, invalid_client,
                 "client.redirect_uri is longer than 2048 bytes"},
         })
    {
        auto who = good();
        spoil(who);
        auto const checked = oauth::check(who);
        BOOST_TEST_REQUIRE(checked.has_error(), what);
        BOOST_TEST((checked.error().code == why), what);
        BOOST_TEST((checked.error().next == oauth::advice::fix_configuration), what);
        BOOST_TEST(checked.error().hint == hint, what);
        BOOST_TEST(oauth::describe(checked.error()).find("CANARY") == std::string::npos, what);
    }
}

BOOST_AUTO_TEST_SUITE_END()
