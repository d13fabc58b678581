#include <oauth/policy/authentication/tls_client_auth.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace {

oauth::server_metadata server()
{
    oauth::server_metadata made;
    made.token_endpoint = "https://login.example/token";
    made.revocation_endpoint = "https://login.example/revoke";
    made.introspection_endpoint = "https://login.example/introspect";
    return made;
}

struct outcome
{
    std::string url, body;
};

outcome authenticate(oauth::endpoint const& asked, oauth::server_metadata const& to)
{
    oauth::http_request request{.url = asked};
    oauth::form body;
    BOOST_TEST(oauth::tls_client_auth{}.authenticate(request, body, {.id = "the client", .secret = oauth::secret("not sent")}, to, {}).has_value());
    BOOST_TEST(request.authorization.empty());
    BOOST_TEST(request.fields.empty());
    return {request.url.url(), std::string(body.str())};
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_authentication_tls_client_auth)

// RFC 8705 2: the body names the client, the connection proves it.
BOOST_AUTO_TEST_CASE(names_the_client_and_sends_no_secret)
{
    auto const sent = authenticate("https://login.example/token", server());
    BOOST_TEST(sent.url == "https://login.example/token");
    BOOST_TEST(sent.body == "client_id=the%20client");
}

// RFC 8705 5
BOOST_AUTO_TEST_CASE(goes_to_the_alias_of_the_endpoint_that_is_asked)
{
    auto with_aliases = server();
    with_aliases.mtls_endpoint_aliases = {{&oauth::server_metadata::revocation_endpoint, "https://mtls.login.example/revoke"},
                                          {&oauth::server_metadata::token_endpoint, "https://mtls.login.example/token"},
                                          {&oauth::server_metadata::pushed_authorization_request_endpoint, "https://mtls.login.example/par"}};
    struct row
    {
        char const* asked;
        char const* goes_to;
    };
    for (auto const& [asked, goes_to] : {row{"https://login.example/token", "https://mtls.login.example/token"}, row{"https://login.example/revoke", "https://mtls.login.example/revoke"},
                                         row{"https://login.example/introspect", "https://login.example/introspect"},   // it has none
                                         row{"https://login.example/token?p=x", "https://login.example/token?p=x"},     // another URL
                                         row{"https://mtls.login.example/token", "https://mtls.login.example/token"}})
    {
        auto const sent = authenticate(asked, with_aliases);
        BOOST_TEST(sent.url == goes_to);
        BOOST_TEST(sent.body == "client_id=the%20client");
    }
}

BOOST_AUTO_TEST_SUITE_END()
