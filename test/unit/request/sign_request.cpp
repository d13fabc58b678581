#include <oauth/request/sign_request.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/core/claims_request.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/request/authorization_request.hpp>
#include "../../support/jose.hpp"
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using test_support::code_of;
using enum jws_algorithm;

constexpr time_point now{seconds{1'767'323'045}};

private_key const& key()
{
    static private_key const made = private_key::generate(es256).value().with_key_id("k1");
    return made;
}

server_metadata server(std::string const& endpoint_url = "https://login.example/authorize")
{
    server_metadata made;
    made.issuer = "https://login.example";
    made.authorization_endpoint = endpoint_url;
    return made;
}

client who() { return {.id = "the client", .redirect_uri = "http://localhost:8400/", .scope = "openid Mail.Read"}; }

pending_authorization begun(server_metadata const& at, authorization_options const& options = {})
{
    std::array<std::byte, authorization_request_entropy> random{};
    random.fill(std::byte{7});
    return authorization_request(at, who())(at, who(), options, random, now).value();
}

result<pending_authorization> sign(pending_authorization pending, server_metadata const& at = server()) { return sign_request(std::move(pending), at, who(), key(), es256, now); }

/// The request object of a URL, when the key has signed it.
jwt object_of(result<pending_authorization> const& made)
{
    BOOST_TEST_REQUIRE(made.has_value());
    auto const parameters = parse_form(std::string_view(made->url).substr(made->url.find('?') + 1)).value();
    auto const request = find_parameter(parameters, "request");
    BOOST_TEST_REQUIRE(request.has_value());
    auto verified = verify_jwt(*request, key().public_key(), {es256});
    BOOST_TEST_REQUIRE(verified.has_value());
    return std::move(*verified);
}

jwt object_of(authorization_options const& options) { return object_of(sign(begun(server(), options))); }

} // namespace

BOOST_AUTO_TEST_SUITE(request_sign_request)

BOOST_AUTO_TEST_CASE(all_of_the_request_is_in_the_object)   // RFC 9101 4
{
    auto const plain = begun(server());
    auto const token = object_of(sign(plain));
    auto const at = now.time_since_epoch().count();
    BOOST_TEST(token.claims.at("iss").as_string() == "the client");
    BOOST_TEST(token.claims.at("aud").as_string() == "https://login.example");
    BOOST_TEST(token.claims.at("iat").as_int64() == at);
    BOOST_TEST(token.claims.at("nbf").as_int64() == at);
    BOOST_TEST(token.claims.at("exp").as_int64() == at + 300);
    BOOST_TEST(token.claims.at("jti").as_string().size() == 22U);
    BOOST_TEST(!token.claims.contains("sub"));
    BOOST_TEST(token.header.has_type("oauth-authz-req+jwt"));
    BOOST_TEST(token.header.key_id == "k1");
    auto const parameters = parse_form(std::string_view(plain.url).substr(plain.url.find('?') + 1)).value();
    BOOST_TEST(parameters.size() >= 7U);
    for (auto const& [name, value] : parameters) BOOST_TEST(token.claims.at(name).as_string() == value, name);
    BOOST_TEST(token.claims.size() == parameters.size() + 6);
}

BOOST_AUTO_TEST_CASE(the_url_says_who_asks_and_nothing_else)   // RFC 9101 5
{
    struct row
    {
        char const* path;
        char const* separator;
    };
    for (auto const& [path, separator] : {row{"/authorize", "?"}, row{"/authorize?p=x", "&"}, row{"/authorize?", ""}, row{"/authorize?p=x&", ""}, row{"/authorize?p=x?", "&"},
                                          row{"/authorize?p=x?&", ""}, row{"/authorize??", "&"}, row{"/authorize&", "?"}})
        BOOST_TEST_CONTEXT(path)
        {
            std::string const at = std::string("https://login.example") + path;
            auto const plain = begun(server(at));
            auto const made = sign(plain, server(at));
            auto const token = object_of(made);
            auto const begin = at + separator + "client_id=the%20client&request=";
            BOOST_TEST(made->url.starts_with(begin + "ey"));
            BOOST_TEST(std::count(made->url.begin(), made->url.end(), '=') == 2 + (at.find('=') != at.npos));
            BOOST_TEST(token.claims.contains("p") == false);   // the endpoint's own stays its own
            BOOST_TEST(token.claims.contains("response_type"));
            BOOST_TEST(authorization_request(server(at), who()).pushed_parameters(made->url) == made->url.substr(begin.size() - std::string_view("request=").size()));
            // What is remembered is the same.
            BOOST_TEST(made->state == plain.state);
            BOOST_TEST((made->code_verifier == plain.code_verifier));
            BOOST_TEST(made->nonce == plain.nonce);
            BOOST_TEST(made->redirect_uri == plain.redirect_uri);
        }
}

BOOST_AUTO_TEST_CASE(json_is_json_and_numbers_are_numbers)
{
    std::string const claims = R"({"id_token":{"auth_time":{"essential":true}}})";
    auto const token = object_of({.max_age = seconds{86400}, .claims = claims, .also_resources = {"https://r.example", "https://s.example"},
                                  .extra = {{"authorization_details", R"([{"type":"payment"}])"}, {"number", "1"}}});
    BOOST_TEST(token.claims.at("max_age").as_int64() == 86400);   // as in OpenID Connect Core 6.1
    BOOST_TEST(token.claims.at("claims").at("id_token").at("auth_time").at("essential").as_bool());
    BOOST_TEST(token.claims.at("authorization_details").as_array().at(0).at("type").as_string() == "payment");
    BOOST_TEST(token.claims.at("number").as_string() == "1");
    BOOST_TEST((token.claims.at("resource") == boost::json::array{"https://r.example", "https://s.example"}));
    BOOST_TEST(object_of(authorization_options{.max_age = seconds{0}}).claims.at("max_age").as_int64() == 0);
    // What is no JSON stays the text that it was.
    for (std::string const text : {R"([1)", R"({"a":1})", R"("x")", ""})
        BOOST_TEST(object_of(authorization_options{.extra = {{"authorization_details", text}}}).claims.at("authorization_details").as_string() == text);
}

BOOST_AUTO_TEST_CASE(each_sign_in_has_an_object_of_its_own)
{
    auto first = begun(server()), second = first;
    second.state += "x";
    auto const id = [](pending_authorization const& of) { return std::string(object_of(sign(of)).claims.at("jti").as_string().c_str()); };
    BOOST_TEST(id(first) == id(first));
    BOOST_TEST(id(first) != id(second));
    BOOST_TEST(id(first).find(first.state) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_an_issuer_it_is_for_the_endpoint)
{
    auto nameless = server();
    nameless.issuer.clear();
    BOOST_TEST(object_of(sign(begun(nameless), nameless)).claims.at("aud").as_string() == "https://login.example/authorize");
}

BOOST_AUTO_TEST_CASE(a_template_is_no_audience)
{
    auto many = server();
    many.issuer = "https://login.example/{tenantid}/v2.0";
    auto const made = sign(begun(many), many);
    BOOST_TEST(code_of(made) == errc::missing_endpoint);
    BOOST_TEST((made.error().next == advice::fix_configuration));
    BOOST_TEST(made.error().hint.find("GUID") != std::string::npos);
    many.issuer = "https://login.example/11111111-aaaa-4bbb-8ccc-222222222222/v2.0";
    BOOST_TEST(object_of(sign(begun(many), many)).claims.at("aud").as_string() == many.issuer);
}

BOOST_AUTO_TEST_CASE(hostile_values_stay_texts)
{
    std::string const hostile = "\",\"aud\":\"x\\&client_id=evil%26\n";
    auto const token = object_of({.login_hint = hostile});
    BOOST_TEST(token.claims.at("login_hint").as_string() == hostile);
    BOOST_TEST(token.claims.at("aud").as_string() == "https://login.example");
    BOOST_TEST(token.claims.at("client_id").as_string() == "the client");
}

BOOST_AUTO_TEST_CASE(what_is_refused)
{
    auto const refused = [](pending_authorization const& pending, errc why, server_metadata const& at = server()) {
        auto const made = sign(pending, at);
        BOOST_TEST_CONTEXT(pending.url)
        {
            BOOST_TEST(code_of(made) == why);
            if (made.has_error()) BOOST_TEST((made.error().next == advice::fix_configuration));
        }
    };
    auto const with_url = [](std::string url) {
        auto made = begun(server());
        made.url = std::move(url);
        return made;
    };
    auto const good = begun(server());
    refused(good, errc::missing_endpoint, server_metadata{});
    refused(good, errc::malformed_encoding, server("https://other.example/authorize"));
    refused(good, errc::malformed_encoding, server("https://login.example/auth"));
    refused(good, errc::malformed_encoding, server("https://login.example/authorize?p=x"));
    for (char const* url : {"", "https://login.example/authorize", "https://login.example/authorize2?client_id=a", "https://login.example/authorize&client_id=a",
                            "https://login.example/authorize?state=%4", "https://login.example/authorize?client_id=the%20client&request_uri=urn%3Ax",
                            "https://login.example/authorize?max_age=soon", "https://login.example/authorize?max_age=", "https://login.example/authorize?max_age=99999999999999999999"})
        refused(with_url(url), errc::malformed_encoding);
    std::string many = "https://login.example/authorize?a=1";
    for (int i = 0; i < 300; ++i) many += "&a=1";
    refused(with_url(many), errc::malformed_encoding);
    // Signed twice.
    refused(sign(good).value(), errc::malformed_encoding);
    // Claims of the request object itself: who may write them could have it last for ever, or serve elsewhere.
    for (std::string const name : {"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}) refused(begun(server(), {.extra = {{name, "9999999999"}}}), errc::duplicate_parameter);

    BOOST_TEST(code_of(sign_request(good, server(), who(), key(), ps256, now)) == errc::key_not_fit);
    BOOST_TEST(code_of(sign_request(good, server(), who(), private_key::symmetric(secret("short")).value(), hs256, now)) == errc::key_not_fit);
}

BOOST_AUTO_TEST_SUITE_END()
