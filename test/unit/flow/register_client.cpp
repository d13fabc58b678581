#include <oauth/flow/register_client.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/policy/authentication/client_secret_basic.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/flow_fixture.hpp"
#include <string>
#include <utility>

namespace {

using namespace oauth;
using namespace oauth::test;
using testing::personality;
using testing::scripted_transport;
using list = std::vector<std::string>;

testing::authorization_server_options open_house()
{
    testing::authorization_server_options made;
    made.kind = personality::standard;
    return made;
}

struct desk
{
    testing::manual_clock clock;
    strict_server server;
    testing::server_transport<strict_server> line;

    explicit desk(testing::authorization_server_options options = open_house()) : server(std::move(options), clock), line(server) {}
};

client_metadata const bookings{.redirect_uris = {"http://localhost:8400/"}, .grant_types = {"authorization_code", "refresh_token"}, .client_name = "Bookings", .scope = "offline_access Mail.Read"};

template <class Flow>
bool signs_in(desk& here, Flow& with)
{
    auto pending = with.authorize().value();
    auto const redirect = here.server.sign_in(pending.url);
    return with.exchange(std::move(pending), redirect).has_value() && with.refresh().has_value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(flow_register_client)

BOOST_AUTO_TEST_CASE(a_client_is_made_and_signs_a_user_in)
{
    desk here;
    auto const made = register_client(here.line, here.server.metadata(), bookings).value();
    BOOST_TEST(made.client_id.size() == 36U);
    BOOST_TEST(!made.client_secret.empty());
    BOOST_TEST(!made.client_secret_expires_at.has_value());
    BOOST_TEST((made.client_id_issued_at == here.clock.now()));
    BOOST_TEST((made.registered.redirect_uris == list{"http://localhost:8400/"}));
    BOOST_TEST(made.registered.client_name == "Bookings");
    BOOST_TEST((made.registered.response_types == list{"code"}));
    BOOST_TEST(here.server.counts().registrations == 1U);
    flow graph{here.server.metadata(), made.client(), here.line, here.clock};
    BOOST_TEST(signs_in(here, graph));
}

BOOST_AUTO_TEST_CASE(a_public_client_has_no_secret)
{
    desk here;
    auto what = bookings;
    what.token_endpoint_auth_method = "none";
    auto const made = register_client(here.line, here.server.metadata(), what).value();
    BOOST_TEST(made.client_secret.empty());
    flow graph{here.server.metadata(), made.client(), here.line, here.clock};
    BOOST_TEST(signs_in(here, graph));
}

BOOST_AUTO_TEST_CASE(whoever_registers_may_need_a_token)
{
    auto options = open_house();
    options.initial_access_token = "developer";
    desk here{options};
    auto const refused = register_client(here.line, here.server.metadata(), bookings).error();
    BOOST_TEST(refused.code == server_errc::invalid_token);
    BOOST_TEST(refused.next == advice::fix_configuration);
    BOOST_TEST(register_client(here.line, here.server.metadata(), bookings, secret("wrong")).has_error());
    BOOST_TEST(register_client(here.line, here.server.metadata(), bookings, secret("developer")).has_value());
}

BOOST_AUTO_TEST_CASE(what_the_server_does_not_take)
{
    desk here;
    for (auto const* uri : {"http://sketchy.example.com", "https://a.example/#x", "not a uri", "javascript:alert(1)"})
    {
        auto what = bookings;
        what.redirect_uris.push_back(uri);
        auto const why = register_client(here.line, here.server.metadata(), what).error();
        BOOST_TEST(why.code == server_errc::invalid_redirect_uri, uri);
        BOOST_TEST(why.next == advice::fix_configuration);
    }
    auto what = bookings;
    what.token_endpoint_auth_method = "magic";
    BOOST_TEST(register_client(here.line, here.server.metadata(), what).error().code == server_errc::invalid_client_metadata);
    what = bookings;
    what.software_statement = "x.y.z";
    BOOST_TEST(register_client(here.line, here.server.metadata(), what).error().code == server_errc::unapproved_software_statement);
    BOOST_TEST(here.server.counts().registrations == 0U);
    BOOST_TEST(register_client(here.line, {}, bookings).error().code == errc::missing_endpoint);
    here.line.refuse_next();
    BOOST_TEST(register_client(here.line, here.server.metadata(), bookings).error().code == errc::connect_failed);
}

// RFC 7592
BOOST_AUTO_TEST_CASE(a_registration_is_read_changed_and_deleted)
{
    desk here;
    auto const first = register_client(here.line, here.server.metadata(), bookings).value();
    BOOST_TEST(first.registration_client_uri == "https://login.example.com/register?client_id=" + first.client_id);
    auto const same = read_registration(here.line, first).value();
    BOOST_TEST(same.client_id == first.client_id);
    BOOST_TEST((same.client_secret == first.client_secret));
    BOOST_TEST((same.registration_access_token == first.registration_access_token));

    flow graph{here.server.metadata(), first.client(), here.line, here.clock};
    BOOST_TEST(signs_in(here, graph));

    auto what = same.registered;
    what.client_name = "Bookings 2";
    what.redirect_uris.push_back("https://app.example/back");
    auto const changed = change_registration(here.line, same, what).value();
    BOOST_TEST(changed.registered.client_name == "Bookings 2");
    BOOST_TEST((changed.registered.redirect_uris == list{"http://localhost:8400/", "https://app.example/back"}));
    BOOST_TEST(read_registration(here.line, changed).value().registered.client_name == "Bookings 2");
    BOOST_TEST(graph.refresh().has_value());

    auto thief = changed;
    thief.registration_access_token = secret("guessed");
    BOOST_TEST(read_registration(here.line, thief).error().code == server_errc::invalid_token);
    BOOST_TEST(change_registration(here.line, thief, what).has_error());
    BOOST_TEST(delete_registration(here.line, thief).has_error());

    auto const token = std::string(graph.access_token().value().reveal());
    BOOST_TEST(here.server.accepts(token));
    BOOST_TEST(delete_registration(here.line, changed).has_value());
    BOOST_TEST(!here.server.accepts(token));
    BOOST_TEST(read_registration(here.line, changed).error().next == advice::fix_configuration);
    BOOST_TEST(graph.refresh().has_error());
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_let_it_be_changed)
{
    scripted_transport line;
    line.expect_post("https://login.example/register").with_field("Content-Type", "application/json").with_authorization("").reply(201, R"({"client_id":"c","client_secret":"s"})");
    auto const made = register_client(line, {.registration_endpoint = "https://login.example/register"}, bookings).value();
    BOOST_TEST(line.done(), line.report());
    for (auto const& why : {read_registration(line, made).error(), change_registration(line, made, bookings).error(), delete_registration(line, made).error()})
    {
        BOOST_TEST(why.code == errc::missing_endpoint);
        BOOST_TEST(why.next == advice::give_up);
    }
}

BOOST_AUTO_TEST_CASE(what_a_refusal_repeats_of_a_secret_is_masked)
{
    registration_response of;
    of.client_id = "c";
    of.client_secret = secret("canary-secret");
    of.registration_access_token = secret("canary-token");
    of.registration_client_uri = "https://login.example/register/c";
    scripted_transport line;
    std::string const echo = R"({"error":"invalid_request","error_description":"canary-secret canary-token"})";
    line.expect_post("https://login.example/register").with_authorization("Bearer canary-token").reply(400, echo);
    line.expect_get("https://login.example/register/c").reply(400, echo);
    line.expect(http_method::put, "https://login.example/register/c").reply(400, echo);
    line.expect(http_method::delete_, "https://login.example/register/c").reply(400, echo);
    auto const first = register_client(line, {.registration_endpoint = "https://login.example/register"}, bookings, of.registration_access_token).error();
    BOOST_TEST(first.server.error_description == "canary-secret ************");
    for (auto const& why : {read_registration(line, of).error(), change_registration(line, of, bookings).error(), delete_registration(line, of).error()})
        BOOST_TEST(why.server.error_description == "************* ************");
    BOOST_TEST(line.done(), line.report());
}

BOOST_AUTO_TEST_SUITE_END()
