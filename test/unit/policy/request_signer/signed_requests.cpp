#include <oauth/policy/request_signer/signed_requests.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/flow/flow.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/policy/authentication/private_key_jwt.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../../support/flow_fixture.hpp"
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;
using testing::personality;
using testing::scripted_transport;
using enum jws_algorithm;

struct signing_config : default_config
{
    using request_signer = signed_requests;
};

private_key const& key()
{
    static private_key const made = private_key::generate(es256).value().with_key_id("k1");
    return made;
}

client who()
{
    auto made = example_client();
    made.scope = "openid offline_access Mail.Read";
    return made;
}

testing::authorization_server_options options(bool pushed = false)
{
    testing::authorization_server_options made{.kind = personality::standard, .clients = {testing::registered_client::of(who())}};
    made.clients[0].request_object_keys = {key().public_key()};
    made.require_signed_request_object = true;
    made.require_pushed_authorization_requests = pushed;
    return made;
}

struct fixture
{
    using line_type = testing::server_transport<strict_server>;
    using flow_type = flow<line_type, memory_store, testing::manual_clock, client_secret_post, signing_config>;

    testing::manual_clock clock;
    strict_server server;
    line_type line{server};
    flow_type graph;

    explicit fixture(testing::authorization_server_options given = options(), signed_requests by = signed_requests{key(), es256})
        : server(std::move(given), clock), graph(server.metadata(), who(), line, clock, std::move(by))
    {
    }
};

std::vector<std::string> names_of(form_parameters const& list)
{
    std::vector<std::string> names;
    for (auto const& one : list) names.push_back(one.name);
    std::sort(names.begin(), names.end());
    return names;
}

form_parameters query_of(std::string const& url) { return parse_form(url.substr(url.find('?') + 1)).value(); }

struct url_browser
{
    std::shared_ptr<std::string> url = std::make_shared<std::string>();

    result<void> open(std::string const& text)
    {
        *url = text;
        return {};
    }
};

/// The user signs in at the server.
struct signing_receiver
{
    strict_server server;
    std::shared_ptr<std::string> url;

    result<std::string> prepare(std::string const& registered) { return registered; }

    template <class Judge>
    result<std::string> receive(Judge judge)
    {
        auto came = server.sign_in(*url);
        if (came.empty() || judge(came) == reception::stranger) return failure(errc::sign_in_timeout, advice::retry);
        return came;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(policy_request_signer_signed_requests)

BOOST_AUTO_TEST_CASE(a_flow_signs_what_it_asks_for)
{
    fixture here;
    auto pending = here.graph.authorize({.prompt = "login", .extra = {{"x", "y"}}}).value();
    auto const sent = query_of(pending.url);
    BOOST_TEST((names_of(sent) == std::vector<std::string>{"client_id", "request"}));
    auto const object = verify_jwt(*find_parameter(sent, "request"), key().public_key(), {es256}).value();
    BOOST_TEST(object.header.key_id == "k1");
    BOOST_TEST(object.claims.at("prompt").as_string() == "login");
    BOOST_TEST(object.claims.at("x").as_string() == "y");
    BOOST_TEST(object.claims.at("state").as_string() == pending.state);
    auto const redirect = here.server.sign_in(pending.url);
    BOOST_TEST(here.graph.exchange(std::move(pending), redirect).value().identity.has_value());
}

BOOST_AUTO_TEST_CASE(from_the_browser_to_the_tokens)
{
    for (bool const pushed : {false, true})
    {
        fixture here(options(pushed));
        url_browser browser;
        BOOST_TEST(here.graph.sign_in(browser, signing_receiver{here.server, browser.url}).has_value());
        BOOST_TEST(here.server.counts().pushed_requests == (pushed ? 1u : 0u));
        BOOST_TEST((names_of(query_of(*browser.url)) == (pushed ? std::vector<std::string>{"client_id", "request_uri"} : std::vector<std::string>{"client_id", "request"})));
    }
}

BOOST_AUTO_TEST_CASE(a_signed_request_is_pushed)   // RFC 9126 3
{
    // However the client proves who it is, nothing else stands beside the object.
    auto by_key = options(true);
    by_key.clients[0].secret.clear();
    by_key.clients[0].keys = {key().public_key()};
    by_key.clients[0].request_object_keys.clear();
    testing::manual_clock clock;
    strict_server server(by_key, clock);
    auto keyed = who();
    keyed.secret.clear();
    using line_type = testing::server_transport<strict_server>;
    flow<line_type, memory_store, testing::manual_clock, private_key_jwt, signing_config> bank{
        server.metadata(), keyed, line_type{server}, clock, private_key_jwt{key(), {.algorithm = es256}}, signed_requests{key(), es256}};
    auto pending = bank.authorize().value();
    BOOST_TEST(pending.url_expires_at.has_value());
    auto const redirect = server.sign_in(pending.url);
    BOOST_TEST(bank.exchange(std::move(pending), redirect).has_value());
}

BOOST_AUTO_TEST_CASE(what_the_endpoint_s_url_has_is_not_pushed)
{
    auto metadata = strict_server(options(), testing::manual_clock{}).metadata();
    metadata.authorization_endpoint = "https://login.example.com/authorize?p=x";
    scripted_transport line;
    line.expect_post("https://login.example.com/par").with("client_id", "the client").with("client_secret").reply(201, R"({"request_uri":"urn:x:code","expires_in":60})");
    flow<scripted_transport, memory_store, system_clock, client_secret_post, signing_config> graph{metadata, who(), line, signed_requests{key(), es256}};
    auto const pending = graph.authorize({.pushed = true});
    BOOST_TEST_REQUIRE(pending.has_value());
    BOOST_TEST(line.done(), line.report());
    BOOST_TEST(pending->url == "https://login.example.com/authorize?p=x&client_id=the%20client&request_uri=urn%3Ax%3Acode");
    BOOST_TEST((names_of(scripted_transport::form_of(line.sent().front())) == std::vector<std::string>{"client_id", "client_secret", "request"}));
}

BOOST_AUTO_TEST_CASE(who_does_not_sign_is_told_before_anybody_is_asked)
{
    testing::manual_clock clock;
    strict_server server(options(), clock);
    testing::server_transport line{server};
    flow plain{server.metadata(), who(), line, memory_store{}, clock};
    for (bool const pushed : {false, true})
    {
        auto const why = plain.authorize({.pushed = pushed}).error();
        BOOST_TEST(why.code == errc::unsigned_request);
        BOOST_TEST((why.next == advice::fix_configuration));
        BOOST_TEST(why.hint.find("request_signer") != std::string::npos);
    }
    BOOST_TEST(line.sent() == 0u);
}

BOOST_AUTO_TEST_CASE(what_can_go_wrong)
{
    fixture here;
    BOOST_TEST(here.graph.authorize({.extra = {{"iss", "x"}}}).error().code == errc::duplicate_parameter);
    BOOST_TEST(here.graph.authorize({.extra = {{"request", "x"}}}).error().code == errc::malformed_encoding);
    BOOST_TEST(fixture(options(), signed_requests{key()}).graph.authorize().error().code == errc::key_not_fit);   // PS256 with a key for ES256

    // A key that the server does not know: at the push the program hears of it, else the user sees the server's page.
    signed_requests const stranger{private_key::generate(es256).value(), es256};
    fixture other(options(), stranger);
    BOOST_TEST(other.server.sign_in(other.graph.authorize().value().url) == "");
    auto const refused = other.graph.authorize({.pushed = true}).error();
    BOOST_TEST(refused.code == server_errc::invalid_request_object);
    BOOST_TEST(refused.http_status == 400);

    // A server that takes none says so by the redirect.
    fixture v2(example_options());
    auto pending = v2.graph.authorize().value();
    auto const redirect = v2.server.sign_in(pending.url);
    BOOST_TEST(redirect == "");   // what is asked for stands in the object alone, which it does not read
}

BOOST_AUTO_TEST_CASE(it_expires)
{
    fixture here;
    auto const pending = here.graph.authorize().value();
    here.clock.advance(seconds{300});
    BOOST_TEST(here.server.sign_in(pending.url) == "");
}

BOOST_AUTO_TEST_SUITE_END()
