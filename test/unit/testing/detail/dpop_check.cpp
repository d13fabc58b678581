#include <oauth/testing/detail/dpop_check.hpp>

#include "../server_probe.hpp"
#include <oauth/jose/dpop_proof.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_dpop_check)

using namespace oauth;
using boost::json::object;
using boost::json::value;
using oauth::testing::personality;
using P = server_probe;
using enum jws_algorithm;

namespace {

// RFC 9449, figures 1 and 12, and the thumbprint of their key.
constexpr std::string_view printed_header =
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFq"
    "SG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.";
constexpr std::string_view printed_for_token =
    "eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ."
    "2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
constexpr std::string_view printed_for_resource =
    "eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0Ra"
    "NTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
constexpr std::string_view printed_token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
constexpr std::string_view printed_thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

std::string proof_of(std::string_view rest) { return std::string(printed_header).append(rest); }

/// How the server takes a request with that proof, in the second in which the RFC's was made.
testing::detail::checked_proof look(std::string const& proof, http_method method = http_method::post, std::string url = "https://server.example.com/token", std::string_view token = {},
                                    std::int64_t later = 0)
{
    testing::detail::server_state state({.kind = personality::standard, .origin = "https://server.example.com"});
    return testing::detail::check_dpop(state, {.method = method, .url = url, .fields = {{"DPoP", proof}}}, token, time_point(seconds(1562262616 + later)));
}

private_key const& own_key()
{
    static private_key const key = private_key::generate(es256).value();
    return key;
}

std::string by_hand(object const& claims, object header = {}, jws_algorithm algorithm = es256)
{
    header.emplace("typ", "dpop+jwt");
    header.emplace("jwk", own_key().public_key().required_members());
    return std::string(sign_jwt(claims, own_key(), algorithm, std::move(header)).value().reveal());
}

object good_claims() { return {{"jti", "1"}, {"htm", "POST"}, {"htu", "https://server.example.com/token"}, {"iat", 1562262616}}; }

object changed(char const* name, value const& to)
{
    auto made = good_claims();
    if (to.is_null()) made.erase(name);
    else made[name] = to;
    return made;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_proofs_that_rfc_9449_prints)   // 4.2 and 7.1
{
    auto const for_token = proof_of(printed_for_token), for_resource = proof_of(printed_for_resource);
    auto const parsed = parse_jws_with_embedded_key(for_token).value();
    BOOST_TEST(parsed.header().has_type("dpop+jwt"));
    auto const key = jwk::parse(parsed.header().members.at("jwk").as_object()).value();
    BOOST_TEST(key.thumbprint() == printed_thumbprint);
    BOOST_TEST(verify(parsed, key, {es256}).has_value());
    auto const claims = oauth::detail::strict_json_object(parsed.payload()).value();
    BOOST_TEST(P::text(claims, "jti") == "-BwC3ESc6acc2lTc");
    BOOST_TEST(P::text(claims, "htm") == "POST");
    BOOST_TEST(P::text(claims, "htu") == "https://server.example.com/token");
    BOOST_TEST(claims.at("iat").as_int64() == 1562262616);

    BOOST_TEST(look(for_token).thumbprint == printed_thumbprint);
    auto const resource = "https://resource.example.org/protectedresource";
    BOOST_TEST(look(for_resource, http_method::get, resource, printed_token).thumbprint == printed_thumbprint);
    // Each for its own purpose alone.
    BOOST_TEST(look(for_token, http_method::get).thumbprint == "");
    BOOST_TEST(look(for_token, http_method::post, "https://server.example.com/par").thumbprint == "");
    BOOST_TEST(look(for_resource, http_method::get, resource).thumbprint == "");
    BOOST_TEST(look(for_resource, http_method::get, resource, "another token").thumbprint == "");
    BOOST_TEST(look(for_token, http_method::post, "https://server.example.com/token", {}, 59).thumbprint == printed_thumbprint);
    BOOST_TEST(look(for_token, http_method::post, "https://server.example.com/token", {}, 60).thumbprint == "");
    BOOST_TEST(look(for_token, http_method::post, "https://server.example.com/token", {}, -61).thumbprint == "");
    auto spoilt = for_token;
    spoilt[spoilt.size() - 10] = spoilt[spoilt.size() - 10] == 'A' ? 'B' : 'A';
    BOOST_TEST(look(spoilt).there);
    BOOST_TEST(look(spoilt).thumbprint == "");
}

BOOST_AUTO_TEST_CASE(each_part_has_its_refusal)   // RFC 9449 4.3
{
    BOOST_TEST(look(by_hand(good_claims())).thumbprint == own_key().public_key().thumbprint());
    struct row
    {
        char const* claim;
        value to;
    };
    for (auto const& [claim, to] : std::vector<row>{{"jti", nullptr}, {"jti", ""}, {"jti", 1}, {"htm", nullptr}, {"htm", "GET"}, {"htm", "post"}, {"htu", nullptr},
                                                    {"htu", "https://server.example.com/"}, {"htu", "http://server.example.com/token"}, {"iat", nullptr}, {"iat", "1562262616"},
                                                    {"iat", 1562262616 - 60}, {"iat", 1562262616 + 61}, {"ath", "x"}})
        BOOST_TEST(look(by_hand(changed(claim, to))).thumbprint == "", claim << " = " << boost::json::serialize(to));
    BOOST_TEST(look(by_hand(good_claims(), {{"typ", "JWT"}})).thumbprint == "");
    BOOST_TEST(look(by_hand(good_claims(), {{"jwk", "x"}})).thumbprint == "");
    BOOST_TEST(look(by_hand(good_claims(), {{"jwk", private_key::generate(es256).value().public_key().required_members()}})).thumbprint == "");
    for (std::string const text : {"", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."}) BOOST_TEST(look(text).thumbprint == "", text);
    BOOST_TEST(!look(by_hand(changed("nonce", "any"))).wants_nonce);
    BOOST_TEST(look(by_hand(good_claims()), http_method::post, "https://server.example.com/token?x=1").thumbprint != "");   // `htu` is without query
}

BOOST_AUTO_TEST_CASE(once_and_with_the_server_s_nonce)   // RFC 9449 8 and 11.1
{
    testing::detail::server_state state({.kind = personality::standard, .origin = "https://server.example.com", .require_dpop_nonce = true});
    auto const shows = [&](std::vector<std::string> const& proofs) {
        http_request request{.method = http_method::post, .url = "https://server.example.com/token"};
        for (auto const& proof : proofs) request.fields.push_back({"dpop", proof});
        return testing::detail::check_dpop(state, request, {}, time_point(seconds(1562262616)));
    };
    BOOST_TEST(!shows({}).there);
    BOOST_TEST(shows({by_hand(good_claims())}).wants_nonce);
    BOOST_TEST(shows({by_hand(changed("nonce", "another"))}).wants_nonce);
    auto const good = by_hand(changed("nonce", testing::detail::dpop_nonce(state).c_str()));
    BOOST_TEST(shows({good, good}).thumbprint == "");
    BOOST_TEST(shows({good}).thumbprint != "");
    BOOST_TEST(shows({good}).thumbprint == "");
}

BOOST_AUTO_TEST_SUITE_END()
