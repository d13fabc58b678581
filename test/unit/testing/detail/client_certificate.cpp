#include <oauth/testing/detail/client_certificate.hpp>

#include "../server_probe.hpp"
#include <oauth/testing/detail/certificate_field.hpp>
#include <oauth/testing/server_transport.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/certificate.hpp"
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_client_certificate)

using namespace oauth;
using oauth::testing::personality;
using oauth::testing::detail::certificate_field_of;
using oauth::testing::detail::certificate_of;
using P = server_probe;

namespace {

std::string const& certificate()
{
    static std::string const pem = test_support::make_identity({.alternative_names = "", .common_name = "the client"}).certificate_pem();
    return pem;
}

std::string const& another()
{
    static std::string const pem = test_support::make_identity({.alternative_names = "", .common_name = "another"}).certificate_pem();
    return pem;
}

std::string thumbprint() { return certificate_of({.fields = {{"client-cert", certificate_field_of(certificate())}}}).value().thumbprint; }

struct desk : P
{
    static testing::authorization_server_options options()
    {
        auto made = P::options(personality::standard);
        made.clients[0].tls_client_certificate_bound_access_tokens = true;   // a public one, whose tokens are bound
        made.clients.push_back({.id = "by name", .tls_client_auth_subject_dn = "CN=the client"});
        made.clients.push_back({.id = "by thumbprint", .tls_client_auth_thumbprint = thumbprint(), .tls_client_certificate_bound_access_tokens = true});
        return made;
    }

    desk() : P(options()) {}

    http_response post(form_parameters const& list, std::string const& pem, std::string_view authorization = {}) const
    {
        auto request = form_request(server.metadata().token_endpoint.url(), encoded(list), authorization);
        if (!pem.empty()) request.fields.push_back({"Client-Cert", certificate_field_of(pem)});
        return server.handle(request);
    }

    static form_parameters as(std::string id) { return {{"grant_type", "client_credentials"}, {"client_id", std::move(id)}, {"scope", "read"}}; }
};

} // namespace

BOOST_AUTO_TEST_CASE(is_read_from_the_field_of_rfc_9440)
{
    auto const read = certificate_of({.fields = {{"Client-Cert", certificate_field_of(certificate())}}});
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->subject == "CN=the client");
    BOOST_TEST(read->thumbprint.size() == 43u);
    BOOST_TEST(read->thumbprint != certificate_of({.fields = {{"Client-Cert", certificate_field_of(another())}}}).value().thumbprint);
}

BOOST_AUTO_TEST_CASE(what_is_no_certificate)
{
    auto const good = certificate_field_of(certificate());
    auto const inner = good.substr(1, good.size() - 2);
    for (std::string const& value : {std::string(), std::string(":"), std::string("::"), inner, ':' + inner, inner + ':', std::string(":!!!!:"), ":" + inner.substr(4) + ":",
                                     ":" + inner + "AAAA:", ":" + inner.substr(0, inner.size() / 8 * 4) + ":", certificate()})
        BOOST_TEST(!certificate_of({.fields = {{"Client-Cert", value}}}).has_value(), value);
    BOOST_TEST(!certificate_of({.fields = {{"Client-Cert", good}, {"client-cert", good}}}).has_value());
    BOOST_TEST(!certificate_of({}).has_value());
    for (char const* pem : {"", "no PEM", "-----BEGIN CERTIFICATE-----\nabc"}) BOOST_TEST(certificate_field_of(pem) == "");
}

BOOST_AUTO_TEST_CASE(proves_who_the_client_is)   // RFC 8705 2
{
    desk here;
    for (char const* id : {"by name", "by thumbprint"})
    {
        BOOST_TEST(here.post(desk::as(id), certificate()).status == 200);
        BOOST_TEST(P::error(here.post(desk::as(id), another())) == "401 invalid_client");
        BOOST_TEST(P::error(here.post(desk::as(id), "")) == "401 invalid_client");
        auto with_secret = desk::as(id);
        with_secret.push_back({"client_secret", "x"});
        BOOST_TEST(P::error(here.post(with_secret, certificate())) == "400 invalid_request");
        BOOST_TEST(P::error(here.post(desk::as(id), certificate(), "Basic YTpi")) == "400 invalid_request");
    }
}

BOOST_AUTO_TEST_CASE(tokens_are_bound_to_it)   // RFC 8705 3
{
    desk here;
    auto const bound = P::text(P::json(here.post(desk::as("by thumbprint"), certificate())), "access_token");
    auto const free = P::text(P::json(here.post(desk::as("by name"), certificate())), "access_token");
    auto const presents = [&](std::string const& token, std::string const& pem) {
        http_request request{.url = "https://api.example/", .authorization = secret("Bearer " + token)};
        if (!pem.empty()) request.fields.push_back({"Client-Cert", certificate_field_of(pem)});
        auto const refused = here.server.refuse(request);
        return refused ? std::string(find_field(refused->fields, "WWW-Authenticate")) : "taken";
    };
    BOOST_TEST(presents(bound, certificate()) == "taken");
    BOOST_TEST(presents(bound, another()) == "Bearer error=\"invalid_token\"");
    BOOST_TEST(presents(bound, "") == "Bearer error=\"invalid_token\"");
    BOOST_TEST(presents(free, "") == "taken");
    BOOST_TEST(presents(free, another()) == "taken");

    auto const says = [&](std::string const& token) {
        auto request = P::form_request(here.server.metadata().introspection_endpoint.url(), P::encoded({{"client_id", "by name"}, {"token", token}}));
        request.fields.push_back({"Client-Cert", certificate_field_of(certificate())});
        return P::json(here.server.handle(request));
    };
    BOOST_TEST(says(bound).at("cnf").at("x5t#S256").as_string() == thumbprint());
    BOOST_TEST(P::text(says(bound), "token_type") == "Bearer");
    BOOST_TEST(!says(free).contains("cnf"));
}

BOOST_AUTO_TEST_CASE(a_public_client_s_refresh_token_is_bound_too)   // RFC 8705 4
{
    desk here;
    BOOST_TEST(P::error(here.post(P::redeems(here.code()), "")) == "400 invalid_request");   // nothing to bind to
    auto const tokens = P::json(here.post(P::redeems(here.code()), certificate()));
    auto const refresh = P::text(tokens, "refresh_token");
    BOOST_TEST(P::error(here.post(P::renews(refresh), another())) == "400 invalid_grant");
    BOOST_TEST(P::error(here.post(P::renews(refresh), "")) == "400 invalid_request");
    BOOST_TEST(here.post(P::renews(refresh), certificate()).status == 200);
}

BOOST_AUTO_TEST_CASE(in_memory_a_transport_shows_it)
{
    desk here;
    testing::server_transport line{here.server};
    auto const showing = line.with_certificate(certificate());
    auto const ask = [&](auto by) { return by.send(P::form_request(here.server.metadata().token_endpoint.url(), P::encoded(desk::as("by name")))).value().status; };
    BOOST_TEST(ask(showing) == 200);
    BOOST_TEST(ask(line) == 401);
    BOOST_TEST(line.sent() == 2u);
}

BOOST_AUTO_TEST_CASE(the_server_says_that_it_can)
{
    desk here;
    auto const known = P::json(here.get(here.server.discovery_url()));
    BOOST_TEST(known.at("tls_client_certificate_bound_access_tokens").as_bool());
    auto const& methods = known.at("token_endpoint_auth_methods_supported").as_array();
    BOOST_TEST(std::count(methods.begin(), methods.end(), boost::json::value("tls_client_auth")) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
