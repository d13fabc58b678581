#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/request/client_credentials.hpp>
#include <oauth/request/on_behalf_of.hpp>
#include <oauth/request/token_exchange.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/failing_store.hpp"
#include "../../support/printing.hpp"
#include <string>
#include <string_view>
#include <vector>

// Under one account: each grant is given its own token, and no token for another.
namespace {

using namespace oauth;
using namespace oauth::test;

/// Its members are of other types than the shipped grants have.
struct by_text
{
    static constexpr std::string_view grant_type = "urn:example:own";
    std::string ticket = "t";
    std::string scope = {};
    std::vector<std::string> resource = {};
    char const* claims = "";
    std::string tenant = {};

    std::string_view kept_apart_by() const { return tenant; }

    void write(form& body) const
    {
        body.add("ticket", ticket).add_if("scope", scope).add_if("claims", claims).add_if("tenant", tenant);
        for (auto const& one : resource) body.add("resource", one);
    }
};
static_assert(check_grant<by_text>());

/// It says nothing of the token.
struct mute
{
    static constexpr std::string_view grant_type = "urn:example:own";
    void write(form& body) const { body.add("ticket", "t"); }
};

struct scripted
{
    static constexpr char const* token_endpoint = "https://login.example/token";

    using flow_type = flow<testing::scripted_transport, failing_store, testing::manual_clock>;

    testing::scripted_transport line;
    failing_store store;
    testing::manual_clock clock;
    account const who{"tenant.user"};
    flow_type graph = process();

    static server_metadata server()
    {
        server_metadata made;
        made.issuer = "https://login.example";
        made.token_endpoint = token_endpoint;
        return made;
    }

    /// Another process is one more of them.
    flow_type process(client with = {.id = "c", .secret = secret("the client's secret"), .redirect_uri = "http://localhost:8400/", .scope = "read", .resource = "https://registered.example"})
    {
        return flow_type(server(), std::move(with), line, store, clock);
    }

    void answers(std::string const& token, std::string const& more = R"("token_type":"Bearer")")
    {
        line.expect_post(token_endpoint).reply(200, R"({"expires_in":3600,"access_token":")" + token + "\"," + more + '}');
    }

    /// Each gets a token of its own, and keeps it: here and in another process.
    template <class Grant>
    void keeps_apart(std::vector<Grant> const& grants)
    {
        for (std::size_t i = 0; i < grants.size(); ++i)
        {
            answers("token " + std::to_string(i));
            BOOST_TEST(graph.access_token(grants[i], who).value().reveal() == "token " + std::to_string(i));
        }
        auto sibling = process();
        for (auto* const one : {&graph, &sibling})
            for (std::size_t i = 0; i < grants.size(); ++i)
            {
                BOOST_TEST(one->access_token(grants[i], who).value().reveal() == "token " + std::to_string(i));
                line.expect_get("https://api.example/").with_authorization("Bearer token " + std::to_string(i)).reply(200, "ok");
                BOOST_TEST(one->call({.url = "https://api.example/"}, grants[i], who).value().status == 200);
            }
        BOOST_TEST(line.done(), line.report());
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(flow_kept_grants)

BOOST_AUTO_TEST_CASE(members_of_any_type_that_converts)
{
    scripted().keeps_apart<by_text>({{.scope = "mail.read"}, {.scope = "files.write"}, {.scope = ""}});
    scripted().keeps_apart<by_text>({{.scope = "read", .resource = {"https://api1"}}, {.scope = "read", .resource = {"https://api2"}}, {.scope = "read", .resource = {"https://api1", "https://api2"}},
                                     {.scope = "read"}});
    scripted().keeps_apart<by_text>({{.scope = "read", .claims = R"({"a":1})"}, {.scope = "read", .claims = R"({"a":2})"}, {.scope = "read"}});
}

BOOST_AUTO_TEST_CASE(whatever_else_makes_another_token)
{
    scripted().keeps_apart<by_text>({{.scope = "read", .tenant = "a"}, {.scope = "read", .tenant = "b"}, {.scope = "read"}});
    scripted().keeps_apart<client_credentials>({{.scope = "read", .extra = {{"audience", "https://api1"}}}, {.scope = "read", .extra = {{"audience", "https://api2"}}}, {.scope = "read"}});
    secret const s("s");
    scripted().keeps_apart<token_exchange>({{.subject_token = s, .scope = "read", .audience = "api1"}, {.subject_token = s, .scope = "read", .audience = "api2"},
                                            {.subject_token = s, .scope = "read", .requested_token_type = token_type_uri::access_token},
                                            {.subject_token = s, .scope = "read", .requested_token_type = token_type_uri::jwt},
                                            {.subject_token = s, .actor_token = s, .actor_token_type = token_type_uri::access_token, .scope = "read"}, {.subject_token = s, .scope = "read"}});
    scripted().keeps_apart<on_behalf_of>({{.assertion = s, .scope = "read", .requested_token_type = token_type_uri::jwt}, {.assertion = s, .scope = "read"}});
}

BOOST_AUTO_TEST_CASE(a_part_of_what_was_granted_is_found_among_its_own)
{
    scripted here;
    here.answers("wide", R"("token_type":"Bearer","scope":"read write")");
    here.answers("narrow");
    client_credentials grant{.scope = "read write", .extra = {{"audience", "https://api1"}}};
    here.graph.access_token(grant, here.who).value();
    grant.scope = "read";
    BOOST_TEST(here.graph.access_token(grant, here.who).value().reveal() == "wide");
    grant.extra.front().value = "https://api2";
    BOOST_TEST(here.graph.access_token(grant, here.who).value().reveal() == "narrow");
}

BOOST_AUTO_TEST_CASE(what_is_obtained_is_found_by_the_same_grant_alone)
{
    scripted here;
    client_credentials const grant{.scope = "read", .resource = "https://registered.example", .extra = {{"audience", "https://api1"}}};
    here.answers("for api1");
    here.graph.obtain(grant, here.who).value();
    BOOST_TEST(here.graph.access_token(here.who).error().code == errc::not_renewable);
    BOOST_TEST(here.graph.access_token(grant, here.who).value().reveal() == "for api1");
    // Where nobody names an audience, whoever asks finds it.
    here.answers("plain");
    here.graph.obtain(client_credentials{.scope = "read", .resource = "https://registered.example"}, here.who).value();
    BOOST_TEST(here.graph.access_token(here.who).value().reveal() == "plain");
    BOOST_TEST(here.graph.access_token(grant, here.who).value().reveal() == "for api1");
    // So it is where no scope is named, whatever the answer names.
    for (std::string const more : {R"("token_type":"Bearer")", R"("token_type":"Bearer","scope":"write")"})
    {
        scripted there;
        client_credentials const scopeless{.resource = "https://registered.example", .extra = {{"audience", "https://api1"}}};
        there.answers("for api1", more);
        there.graph.obtain(scopeless, there.who).value();
        BOOST_TEST(there.graph.access_token(there.who).error().code == errc::not_renewable);
        BOOST_TEST(there.graph.access_token(scopeless, there.who).value().reveal() == "for api1");
        there.line.expect_get("https://api.example/").with_authorization("Bearer for api1").reply(200, "ok");
        BOOST_TEST(there.graph.call({.url = "https://api.example/"}, scopeless, there.who).value().status == 200);
        BOOST_TEST(there.line.done(), there.line.report());
    }
}

// As the table of `grant` says.
BOOST_AUTO_TEST_CASE(a_grant_that_says_nothing)
{
    scripted here;
    here.answers("obtained");
    here.graph.obtain(mute{}, here.who).value();
    BOOST_TEST(here.graph.access_token(here.who).value().reveal() == "obtained");   // as one of the registration's scope and resource

    scripted other;
    other.answers("a1");
    BOOST_TEST(other.graph.access_token(mute{}, other.who).value()->resource == "https://registered.example");
    BOOST_TEST(other.graph.access_token(mute{}, other.who).value().reveal() == "a1");
    BOOST_TEST(other.graph.access_token(other.who).error().code == errc::not_renewable);   // nobody has said what it was granted

    scripted told;
    told.answers("a1", R"("token_type":"Bearer","scope":"read write")");
    BOOST_TEST(told.graph.access_token(mute{}, told.who).value()->requested.empty());
    BOOST_TEST(told.graph.access_token(told.who).value().reveal() == "a1");

    // A daemon's token without a scope is not one of what the registered user consents to.
    scripted daemon;
    daemon.answers("default");
    daemon.answers("of the scope");
    BOOST_TEST(daemon.graph.access_token(client_credentials{}, daemon.who).value().reveal() == "default");
    BOOST_TEST(daemon.graph.access_token(client_credentials{.scope = "read"}, daemon.who).value().reveal() == "of the scope");
}

// RFC 8693 2.2.1
BOOST_AUTO_TEST_CASE(another_kind_of_token_goes_to_whoever_obtains_it_alone)
{
    secret const s("s");
    token_exchange const grant{.subject_token = s, .scope = "read", .requested_token_type = token_type_uri::refresh_token};
    auto const another_kind = R"("token_type":"N_A","issued_token_type":"urn:ietf:params:oauth:token-type:refresh_token")";
    scripted here;
    here.answers("of another kind", another_kind);
    BOOST_TEST(here.graph.obtain(grant).value().access_token.reveal() == "of another kind");
    BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
    BOOST_TEST(!here.graph.session().value().has_value());

    here.answers("of another kind", another_kind);
    auto const refused = here.graph.access_token(grant, here.who).error();
    BOOST_TEST(refused.code == errc::unsupported_token_type);
    BOOST_TEST(refused.next == advice::fix_configuration);
    BOOST_TEST(refused.hint.find("obtain()") != refused.hint.npos);
    here.answers("of another kind", another_kind);
    BOOST_TEST(here.graph.call({.url = "https://api.example/"}, grant, here.who).error().code == errc::unsupported_token_type);   // the API is not asked
    here.answers("of another kind", another_kind);
    BOOST_TEST(here.graph.access_token(grant).error().code == errc::unsupported_token_type);
    BOOST_TEST(!here.graph.session(here.who).value().has_value());

    // An assertion never goes to an API in place of a token.
    on_behalf_of behalf{.assertion = s, .scope = "read", .requested_token_type = token_type_uri::saml2};
    here.answers("assertion", R"("token_type":"Bearer","issued_token_type":"urn:ietf:params:oauth:token-type:saml2")");
    BOOST_TEST(here.graph.obtain(behalf, here.who).value().access_token.reveal() == "assertion");
    behalf.requested_token_type.clear();
    here.answers("token");
    here.line.expect_get("https://api.example/").with_authorization("Bearer token").reply(200, "ok");
    BOOST_TEST(here.graph.call({.url = "https://api.example/"}, behalf, here.who).value().status == 200);
    BOOST_TEST(here.line.done(), here.line.report());
}

BOOST_AUTO_TEST_SUITE_END()
