#include <oauth/request/asked_token.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/request/authorization_code.hpp>
#include <oauth/request/client_credentials.hpp>
#include <oauth/request/device_code.hpp>
#include <oauth/request/jwt_bearer.hpp>
#include <oauth/request/on_behalf_of.hpp>
#include <oauth/request/refresh_token.hpp>
#include <oauth/request/token_exchange.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace oauth;

struct saying_nothing
{
    static constexpr std::string_view grant_type = "x";
    void write(form&) const {}
};

struct saying_all
{
    static constexpr std::string_view grant_type = "x";
    static constexpr bool of_client = true;
    std::string scope = "a b";
    char const* resource = "https://api.example";
    std::string_view claims = "{}";
    void write(form&) const {}
};

struct saying_several
{
    static constexpr std::string_view grant_type = "client_credentials";
    static constexpr bool of_client = false;
    oauth::scope scope = {};
    std::vector<std::string> resource{"https://a.example", "https://b.example"};
    std::string claims = "{}";
    void write(form&) const {}
};

struct text_of_ones_own
{
    std::string value;
    operator std::string() const { return value; }
};

struct saying_it_in_its_own_way
{
    static constexpr std::string_view grant_type = "x";
    std::string_view scope = "a";
    std::set<std::string_view> resource{"https://b.example", "https://a.example"};
    text_of_ones_own claims{"{}"};
    std::vector<text_of_ones_own> audience = {};
    std::map<std::string, std::string> extra = {};
    std::string tenant = {};
    std::string kept_apart_by() const { return tenant; }
    void write(form&) const {}
};

struct by_a_literal
{
    static constexpr char const* grant_type = "client_credentials";
    void write(form&) const {}
};

// Methods of these names are no members that say something.
struct with_methods
{
    static constexpr std::string_view grant_type = "x";
    int scope() const { return 1; }
    int resource() const { return 2; }
    int extra() const { return 3; }
    void write(form&) const {}
};

} // namespace

BOOST_AUTO_TEST_SUITE(request_asked_token)

BOOST_AUTO_TEST_CASE(what_a_grant_says_of_its_token)
{
    auto const nothing = asked_terms(saying_nothing{});
    BOOST_TEST((nothing.scope.empty() && !nothing.resource && nothing.claims.empty() && !nothing.of_client && nothing.parameters_fingerprint.empty()));
    auto const by_code = asked_terms(authorization_code{});
    BOOST_TEST((by_code.scope.empty() && by_code.resource == "" && !by_code.of_client));
    auto const renewal = asked_terms(refresh_token{secret("t"), "s", "r", "c"});
    BOOST_TEST((renewal.scope.str() == "s" && renewal.resource == "r" && renewal.claims == "c" && !renewal.of_client && renewal.parameters_fingerprint.empty()));
    auto const all = asked_terms(saying_all{});
    BOOST_TEST((all.scope.str() == "a b" && all.resource == "https://api.example" && all.claims == "{}" && all.of_client));
    auto const several = asked_terms(saying_several{});
    BOOST_TEST((several.scope.empty() && several.resource == "https://a.example https://b.example" && several.claims == "{}" && !several.of_client));
    auto const own = asked_terms(saying_it_in_its_own_way{});
    BOOST_TEST((own.scope.str() == "a" && own.resource == "https://a.example https://b.example" && own.claims == "{}" && own.parameters_fingerprint.empty()));
    // The name tells where the grant does not.
    BOOST_TEST(asked_terms(by_a_literal{}).of_client);
    auto const methods = asked_terms(with_methods{});
    BOOST_TEST((methods.scope.empty() && !methods.resource && methods.parameters_fingerprint.empty()));
}

BOOST_AUTO_TEST_CASE(as_a_rule_there_is_no_fingerprint)
{
    secret const s("s");
    BOOST_TEST(parameters_fingerprint(authorization_code{.code = s, .redirect_uri = "u", .code_verifier = s, .scope = "a", .resource = "r"}) == "");
    BOOST_TEST(parameters_fingerprint(client_credentials{.scope = "a", .resource = "r", .claims = "{}"}) == "");
    BOOST_TEST(parameters_fingerprint(device_code{.code = s, .resource = "r", .claims = "{}"}) == "");
    BOOST_TEST(parameters_fingerprint(jwt_bearer{.assertion = s, .scope = "a", .resource = "r"}) == "");
    BOOST_TEST(parameters_fingerprint(on_behalf_of{.assertion = s, .scope = "a", .resource = "r", .claims = "{}"}) == "");
    BOOST_TEST(parameters_fingerprint(refresh_token{s, "a", "r", "{}"}) == "");
    // Who it is about says nothing: that is the account's. Nor does the type of an actor who is not there, which is not sent either.
    BOOST_TEST(parameters_fingerprint(token_exchange{.subject_token = s, .subject_token_type = "t", .actor_token_type = "t", .scope = "a", .resource = "r"}) == "");
}

BOOST_AUTO_TEST_CASE(whatever_makes_another_token_makes_another_fingerprint)
{
    secret const s("s");
    std::set<std::string> seen;
    std::size_t made = 0;
    auto const another = [&](auto const& grant) {
        auto const one = parameters_fingerprint(grant);
        BOOST_TEST(one.size() == 43U);
        BOOST_TEST(one == parameters_fingerprint(grant));
        BOOST_TEST(one == asked_terms(grant).parameters_fingerprint);
        seen.insert(one);
        BOOST_TEST(seen.size() == ++made, "it is that of another");
    };
    another(client_credentials{.extra = {{"audience", "https://api1"}}});
    another(client_credentials{.extra = {{"audience", "https://api2"}}});
    another(client_credentials{.extra = {{"organization", "https://api2"}}});
    another(client_credentials{.extra = {{"a", "b"}, {"c", "d"}}});
    another(client_credentials{.extra = {{"a", "b&c=d."}}});
    another(client_credentials{.extra = {{"a", ""}}});
    another(token_exchange{.subject_token = s, .audience = "api"});
    another(token_exchange{.subject_token = s, .requested_token_type = "api"});
    another(token_exchange{.subject_token = s, .audience = "api", .requested_token_type = "api"});
    another(token_exchange{.subject_token = s, .audience = "api", .extra = {{"audience", "other"}}});
    another(token_exchange{.subject_token = s, .actor_token = secret("a")});
    another(token_exchange{.subject_token = s, .actor_token = secret("a"), .actor_token_type = token_type_uri::access_token});
    another(on_behalf_of{.assertion = s, .requested_token_type = token_type_uri::saml1});
    another(on_behalf_of{.assertion = s, .requested_token_type = token_type_uri::saml2});
    another(saying_it_in_its_own_way{.audience = {{"api5"}}});
    another(saying_it_in_its_own_way{.audience = {{"api5"}, {"api6"}}});
    another(saying_it_in_its_own_way{.extra = {{"x", "y"}}});
    another(saying_it_in_its_own_way{.tenant = "x"});
    another(saying_it_in_its_own_way{.tenant = "y"});
    another(saying_it_in_its_own_way{.extra = {{"tenant", "x"}}});

    // What is said in two ways is the same.
    BOOST_TEST(parameters_fingerprint(token_exchange{.subject_token = s, .audience = "api"}) == parameters_fingerprint(client_credentials{.extra = {{"audience", "api"}}}));
    // Who acts is the account's, as is whom the token is about.
    BOOST_TEST(parameters_fingerprint(token_exchange{.subject_token = secret("x"), .actor_token = secret("a")}) == parameters_fingerprint(token_exchange{.subject_token = s, .actor_token = secret("b")}));
    // SHA-256 of "audience=abc", which other processes find the token by: it must stay as it is.
    BOOST_TEST(parameters_fingerprint(token_exchange{.subject_token = s, .audience = "abc"}) == "ENkv-w_s7emQAG6R8mCwm0uTmYJcg7n1fv9jEs7XKVw");
}

BOOST_AUTO_TEST_SUITE_END()
