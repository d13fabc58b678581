#include <oauth/request/grant.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/request/authorization_code.hpp>
#include <oauth/request/refresh_token.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

namespace {

// A user's own, as grant.hpp shows it: RFC 7522 2.1.
struct saml2_bearer
{
    static constexpr std::string_view grant_type = "urn:ietf:params:oauth:grant-type:saml2-bearer";

    oauth::secret assertion;   // as base64url
    oauth::scope scope = {};

    void write(oauth::form& body) const { body.add("assertion", assertion.reveal()).add_if("scope", scope.str()); }
};
static_assert(oauth::check_grant<saml2_bearer>());

struct with_claims
{
    static constexpr std::string_view grant_type = "g";
    std::string name;

    void write(oauth::form& body) const { body.add(name, "&claims="); }
};

struct named_by_a_literal
{
    static constexpr char const* grant_type = "client_credentials";
    void write(oauth::form&) const {}
};

struct movable_only
{
    [[maybe_unused]] static constexpr std::string_view grant_type = "x";
    movable_only() = default;
    movable_only(movable_only&&) = default;
    void write(oauth::form&) const {}
};

struct nameless
{
    void write(oauth::form&) const {}
};

struct mute
{
    [[maybe_unused]] static constexpr std::string_view grant_type = "x";
};

struct changes_itself
{
    [[maybe_unused]] static constexpr std::string_view grant_type = "x";
    void write(oauth::form&) {}
};

struct returns_something
{
    [[maybe_unused]] static constexpr std::string_view grant_type = "x";
    bool write(oauth::form&) const { return true; }
};

struct unmovable
{
    [[maybe_unused]] static constexpr std::string_view grant_type = "x";
    unmovable(unmovable&&) = delete;
    void write(oauth::form&) const {}
};

static_assert(oauth::grant<saml2_bearer> && oauth::grant<named_by_a_literal> && oauth::grant<movable_only> && oauth::grant<oauth::authorization_code>
              && oauth::grant<oauth::refresh_token>);
static_assert(!oauth::grant<nameless> && !oauth::grant<mute> && !oauth::grant<changes_itself> && !oauth::grant<returns_something> && !oauth::grant<unmovable> && !oauth::grant<int>);

} // namespace

BOOST_AUTO_TEST_SUITE(request_grant)

BOOST_AUTO_TEST_CASE(a_users_own_grant)
{
    BOOST_TEST(oauth::token_request_body(saml2_bearer{oauth::secret("PHNhbWxwOl"), "read"}).str()
               == "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml2-bearer&assertion=PHNhbWxwOl&scope=read");
    BOOST_TEST(oauth::token_request_body(named_by_a_literal{}).str() == "grant_type=client_credentials");
    BOOST_TEST(oauth::token_request_body(movable_only{}).str() == "grant_type=x");
}

BOOST_AUTO_TEST_CASE(the_name_comes_first_and_once)
{
    auto const parameters = oauth::parse_form(oauth::token_request_body(oauth::refresh_token{oauth::secret("t"), "s", "r", "c"}).str()).value();
    BOOST_TEST_REQUIRE(!parameters.empty());
    BOOST_TEST(parameters.front().name == "grant_type");
    int named = 0;
    for (auto const& parameter : parameters) named += parameter.name == "grant_type";
    BOOST_TEST(named == 1);
}

BOOST_AUTO_TEST_CASE(claims_come_to_it_unless_it_has_its_own)
{
    BOOST_TEST(oauth::token_request_body(with_claims{"x"}, "").str() == "grant_type=g&x=%26claims%3D");
    BOOST_TEST(oauth::token_request_body(with_claims{"x"}, "{}").str() == "grant_type=g&x=%26claims%3D&claims=%7B%7D");
    BOOST_TEST(oauth::token_request_body(with_claims{"claims_x"}, "{}").str() == "grant_type=g&claims_x=%26claims%3D&claims=%7B%7D");
    BOOST_TEST(oauth::token_request_body(with_claims{"claims"}, "{}").str() == "grant_type=g&claims=%26claims%3D");
}

BOOST_AUTO_TEST_SUITE_END()
