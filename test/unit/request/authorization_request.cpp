#include <oauth/request/authorization_request.hpp>
#include <boost/test/unit_test.hpp>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

using oauth::authorization_options;
using oauth::errc;

constexpr oauth::time_point now{oauth::seconds(1'767'322'745)};

// State: 32 zeros. Verifier: the octets of RFC 7636 appendix B. Nonce: 32 times 0xff.
std::array<std::byte, oauth::authorization_request_entropy> entropy()
{
    constexpr std::uint8_t appendix_b[] = {116, 24,  223, 180, 151, 153, 224, 37,  79, 250, 96, 125, 216, 173, 187, 186,
                                           22,  212, 37,  77,  105, 214, 191, 240, 91, 88,  5,  88,  83,  132, 141, 121};
    std::array<std::byte, oauth::authorization_request_entropy> out{};
    for (std::size_t i = 0; i < 32; ++i)
    {
        out[32 + i] = std::byte(appendix_b[i]);
        out[64 + i] = std::byte(0xff);
    }
    return out;
}

constexpr std::string_view state = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
constexpr std::string_view verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
constexpr std::string_view nonce = "__________________________________________8";

oauth::server_metadata microsoft()
{
    return {.issuer = "https://login.microsoftonline.com/{tenantid}/v2.0",
            .authorization_endpoint = "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize"};
}

oauth::client bookings()
{
    return {.id = "55555555-aaaa-4bbb-8ccc-666666666666",
            .redirect_uri = "http://localhost:8400/",
            .scope = {"openid", "offline_access", "https://graph.microsoft.com/Bookings.ReadWrite.All"}};
}

oauth::result<oauth::pending_authorization> begin(oauth::server_metadata const& server, oauth::client const& who, authorization_options const& options = {})
{
    return oauth::authorization_request(server, who)(server, who, options, entropy(), now);
}

std::string query_of(std::string const& url) { return url.substr(url.find('?') + 1); }

// Each parameter once; the value decoded.
std::map<std::string, std::string> parameters_of(std::string const& url)
{
    std::map<std::string, std::string> out;
    auto const parsed = oauth::parse_form(query_of(url)).value();
    for (auto const& [name, value] : parsed) BOOST_TEST(out.emplace(name, value).second, name << " comes twice");
    return out;
}

using expected_parameters = std::map<std::string, std::string>;

void check_parameters(std::string const& url, expected_parameters const& expected)
{
    auto const found = parameters_of(url);
    for (auto const& [name, value] : expected)
    {
        auto const at = found.find(name);
        BOOST_TEST((at != found.end()), name << " is missing");
        if (at != found.end()) BOOST_TEST(at->second == value, name << ": " << at->second << " != " << value);
    }
    for (auto const& [name, value] : found) BOOST_TEST(expected.contains(name), name << " is too much");
}

void check_refused(oauth::result<oauth::pending_authorization> const& made, errc expected, std::string_view hint)
{
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().code == oauth::error_code(expected), made.error().code.message());
    BOOST_TEST((made.error().next == oauth::advice::fix_configuration));
    BOOST_TEST(made.error().hint.find(hint) != std::string::npos, made.error().hint);
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_authorization_request)

BOOST_AUTO_TEST_CASE(the_main_job_whole)
{
    auto const made = begin(microsoft(), bookings()).value();
    BOOST_TEST(made.url
               == "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize?response_type=code&code_challenge_method=S256"
                  "&client_id=55555555-aaaa-4bbb-8ccc-666666666666&redirect_uri=http%3A%2F%2Flocalhost%3A8400%2F"
                  "&scope=openid%20offline_access%20https%3A%2F%2Fgraph.microsoft.com%2FBookings.ReadWrite.All"
                  "&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
                  "&nonce=__________________________________________8");
    BOOST_TEST(made.state == state);
    BOOST_TEST(made.code_verifier.reveal() == verifier);
    BOOST_TEST(made.nonce == nonce);
    BOOST_TEST(made.redirect_uri == "http://localhost:8400/");
    BOOST_TEST(made.issuer == "https://login.microsoftonline.com/{tenantid}/v2.0");
    BOOST_TEST(!made.issuer_promised);
    BOOST_TEST(made.requested.str() == "openid offline_access https://graph.microsoft.com/Bookings.ReadWrite.All");
    BOOST_TEST(made.resource.empty());
    BOOST_TEST(made.claims.empty());
    BOOST_TEST((made.created_at == now));
    BOOST_TEST(made.url.find(verifier) == std::string::npos);
}

// RFC 6749 4.1.1, with what RFC 9700 adds.
BOOST_AUTO_TEST_CASE(example_of_rfc_6749)
{
    oauth::server_metadata const server{.authorization_endpoint = "https://server.example.com/authorize"};
    oauth::client const who{.id = "s6BhdRkqt3", .redirect_uri = "https://client.example.com/cb"};
    auto const made = begin(server, who).value();
    BOOST_TEST(made.url.starts_with("https://server.example.com/authorize?"));
    BOOST_TEST(made.url.find("redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb") != std::string::npos);
    check_parameters(made.url, {{"response_type", "code"}, {"client_id", "s6BhdRkqt3"}, {"state", std::string(state)}, {"redirect_uri", "https://client.example.com/cb"},
                                {"code_challenge", std::string(challenge)}, {"code_challenge_method", "S256"}});
}

BOOST_AUTO_TEST_CASE(every_option_comes_out_decoded)
{
    auto const who = bookings();
    expected_parameters const always{{"response_type", "code"}, {"client_id", who.id}, {"redirect_uri", who.redirect_uri}, {"scope", who.scope.str()}, {"state", std::string(state)},
                                     {"code_challenge", std::string(challenge)}, {"code_challenge_method", "S256"}, {"nonce", std::string(nonce)}};
    struct row
    {
        authorization_options options;
        expected_parameters differs;
    };
    std::vector<row> const rows{
        {{}, {}},
        {{.scope = oauth::scope("openid User.Read")}, {{"scope", "openid User.Read"}}},
        {{.prompt = "select_account"}, {{"prompt", "select_account"}}},
        {{.login_hint = "alex+test@contoso.example"}, {{"login_hint", "alex+test@contoso.example"}}},
        {{.domain_hint = "organizations"}, {{"domain_hint", "organizations"}}},
        {{.response_mode = "form_post"}, {{"response_mode", "form_post"}}},
        {{.acr_values = "urn:a urn:b"}, {{"acr_values", "urn:a urn:b"}}},
        {{.claims = R"({"access_token":{"xms_cc":{"values":["cp1"]}}})"}, {{"claims", R"({"access_token":{"xms_cc":{"values":["cp1"]}}})"}}},
        {{.resource = "https://graph.microsoft.com/"}, {{"resource", "https://graph.microsoft.com/"}}},
        {{.redirect_uri = "http://localhost:50123/a b"}, {{"redirect_uri", "http://localhost:50123/a b"}}},
        {{.extra = {{"client_info", "1"}, {"mkt", "de-DE"}, {"empty", ""}, {"a&b=c", "d&e=f#g%h+i"}}},
         {{"client_info", "1"}, {"mkt", "de-DE"}, {"empty", ""}, {"a&b=c", "d&e=f#g%h+i"}}},
        {{.scope = oauth::scope("openid"), .prompt = "login", .login_hint = "l", .domain_hint = "d", .response_mode = "fragment", .claims = "{}", .resource = "r",
          .redirect_uri = "msal1234:auth", .extra = {{"x", "y"}}},
         {{"scope", "openid"}, {"prompt", "login"}, {"login_hint", "l"}, {"domain_hint", "d"}, {"response_mode", "fragment"}, {"claims", "{}"}, {"resource", "r"},
          {"redirect_uri", "msal1234:auth"}, {"x", "y"}}},
    };
    for (auto const& [options, differs] : rows)
    {
        auto expected = always;
        for (auto const& [name, value] : differs) expected[name] = value;
        auto const made = begin(microsoft(), who, options).value();
        check_parameters(made.url, expected);
        BOOST_TEST(made.requested.str() == expected["scope"]);
        BOOST_TEST(made.redirect_uri == expected["redirect_uri"]);
        BOOST_TEST(made.claims == expected["claims"]);
        BOOST_TEST(made.resource == expected["resource"]);
    }
}

BOOST_AUTO_TEST_CASE(the_clients_claims_and_resource_are_sent_unless_replaced)
{
    auto who = bookings();
    who.claims = R"({"userinfo":{"email":null}})";
    who.resource = "https://graph.microsoft.com";
    auto const own = begin(microsoft(), who).value();
    BOOST_TEST(parameters_of(own.url).at("claims") == who.claims);
    BOOST_TEST(parameters_of(own.url).at("resource") == who.resource);
    BOOST_TEST(own.claims == who.claims);
    BOOST_TEST(own.resource == who.resource);
    auto const replaced = begin(microsoft(), who, {.claims = "{}", .resource = "https://other.example"}).value();
    BOOST_TEST(parameters_of(replaced.url).at("claims") == "{}");
    BOOST_TEST(parameters_of(replaced.url).at("resource") == "https://other.example");
    BOOST_TEST(replaced.claims == "{}");
    BOOST_TEST(replaced.resource == "https://other.example");
}

BOOST_AUTO_TEST_CASE(nonce_only_with_openid)
{
    struct row
    {
        char const* client_scope;
        std::optional<oauth::scope> scope;
        bool expected;
    };
    for (auto const& [client_scope, scope, expected] : {
             row{"openid User.Read", std::nullopt, true},
             row{"User.Read", std::nullopt, false},
             row{"", std::nullopt, false},
             row{"User.Read openid", oauth::scope("User.Read"), false},
             row{"User.Read", oauth::scope("User.Read openid"), true},
             row{"OpenID openid2 x-openid", std::nullopt, false},   // case sensitive, whole tokens
             row{"openid", oauth::scope(), false},                  // asks for nothing: the parameter is left out
         })
    {
        auto who = bookings();
        who.scope = client_scope;
        auto const made = begin(microsoft(), who, {.scope = scope}).value();
        BOOST_TEST(parameters_of(made.url).contains("nonce") == expected, client_scope);
        BOOST_TEST(made.nonce.empty() == !expected, client_scope);
        BOOST_TEST(parameters_of(made.url).contains("scope") == !made.requested.empty(), client_scope);
    }
}

BOOST_AUTO_TEST_CASE(endpoint_keeps_its_query)
{
    struct row
    {
        char const* endpoint;
        char const* begin;
    };
    for (auto const& [endpoint, expected] : {
             row{"https://a.example/authorize", "https://a.example/authorize?response_type=code&"},
             row{"https://a.example/authorize?", "https://a.example/authorize?response_type=code&"},
             row{"https://a.example/authorize?p=B2C_1_sign%20in", "https://a.example/authorize?p=B2C_1_sign%20in&response_type=code&"},
             row{"https://a.example/authorize?p=B2C_1_x&", "https://a.example/authorize?p=B2C_1_x&response_type=code&"},
             row{"https://a.example/authorize?a=1&b=?", "https://a.example/authorize?a=1&b=?&response_type=code&"},
             row{"https://a.example/authorize?a=b?", "https://a.example/authorize?a=b?&response_type=code&"},
             row{"https://a.example/authorize&", "https://a.example/authorize&?response_type=code&"},
             row{"https://a.example", "https://a.example?response_type=code&"},
             row{"http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a?response_type=code&"},
         })
    {
        auto const made = begin({.authorization_endpoint = endpoint}, bookings()).value();
        BOOST_TEST(made.url.starts_with(expected), made.url);
        parameters_of(made.url);
    }
}

BOOST_AUTO_TEST_CASE(encodes_every_byte)
{
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    auto const made = begin(microsoft(), bookings(), {.login_hint = all, .extra = {{all, all}}}).value();
    auto const parameters = parameters_of(made.url);
    BOOST_TEST((parameters.at("login_hint") == all));
    BOOST_TEST((parameters.at(all) == all));
    for (char c : query_of(made.url))
    {
        bool const unreserved = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' || c == '~';
        BOOST_TEST((unreserved || c == '%' || c == '&' || c == '='));
    }
    // Exactly one form for each byte, with capitals.
    constexpr char digits[] = "0123456789ABCDEF";
    for (int byte = 0; byte < 256; ++byte)
    {
        std::string const one(1, static_cast<char>(byte));
        bool const plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || one.find_first_of("-._~") == 0;
        auto const expected = plain ? one : std::string{'%', digits[byte >> 4], digits[byte & 15]};
        BOOST_TEST(begin(microsoft(), bookings(), {.login_hint = one}).value().url.ends_with("&login_hint=" + expected));
    }
}

BOOST_AUTO_TEST_CASE(no_parameter_twice)
{
    struct row
    {
        authorization_options options;
        char const* repeated;
    };
    auto who = bookings();
    who.claims = "{}";
    who.resource = "r";
    std::vector<row> const rows{
        {{.extra = {{"response_type", "token"}}}, "response_type"},
        {{.extra = {{"client_id", "other"}}}, "client_id"},
        {{.extra = {{"redirect_uri", "https://evil.example"}}}, "redirect_uri"},
        {{.extra = {{"scope", "x"}}}, "scope"},
        {{.extra = {{"state", "x"}}}, "state"},
        {{.extra = {{"code_challenge", "x"}}}, "code_challenge"},
        {{.extra = {{"code_challenge_method", "plain"}}}, "code_challenge_method"},
        {{.extra = {{"nonce", "x"}}}, "nonce"},
        {{.extra = {{"claims", "x"}}}, "claims"},
        {{.extra = {{"resource", "x"}}}, "resource"},
        {{.prompt = "login", .extra = {{"prompt", "x"}}}, "prompt"},
        {{.login_hint = "l", .extra = {{"login_hint", "x"}}}, "login_hint"},
        {{.domain_hint = "d", .extra = {{"domain_hint", "x"}}}, "domain_hint"},
        {{.response_mode = "query", .extra = {{"response_mode", "x"}}}, "response_mode"},
        {{.acr_values = "a", .extra = {{"acr_values", "b"}}}, "acr_values"},
        {{.extra = {{"a", "1"}, {"b", "2"}, {"a", "1"}}}, "a"},
        {{.extra = {{"a\n", "1"}, {"a\n", "2"}}}, "'a '"},   // escaped in the hint
    };
    for (auto const& [options, repeated] : rows) check_refused(begin(microsoft(), who, options), errc::duplicate_parameter, repeated);

    // What is not sent otherwise may be extra.
    auto plain = bookings();
    plain.scope = "User.Read";
    authorization_options const unsent{.extra = {{"nonce", "n"}, {"prompt", "p"}, {"login_hint", "l"}, {"domain_hint", "d"}, {"response_mode", "m"}, {"acr_values", "a"}, {"resource", "r"}}};
    auto const made = begin(microsoft(), plain, unsent).value();
    for (auto const& [name, value] : unsent.extra) BOOST_TEST(parameters_of(made.url).at(name) == value);
    // But not what the answer is checked by.
    for (char const* own : {"claims", "max_age"}) check_refused(begin(microsoft(), plain, {.extra = {{own, "1"}}}), errc::duplicate_parameter, own);
}

BOOST_AUTO_TEST_CASE(no_parameter_twice_with_the_endpoints_own_query)
{
    oauth::server_metadata const b2c{.authorization_endpoint = "https://a.example/authorize?p=B2C_1_x&prompt=login"};
    check_refused(begin(b2c, bookings(), {.extra = {{"p", "B2C_1_y"}}}), errc::duplicate_parameter, "authorization_options.extra repeats 'p'");
    check_refused(begin(b2c, bookings(), {.prompt = "none"}), errc::duplicate_parameter, "authorization_endpoint has 'prompt'");
    check_refused(begin({.authorization_endpoint = "https://a.example/?client_i%64=x"}, bookings()), errc::duplicate_parameter, "authorization_endpoint has 'client_id'");
    BOOST_TEST(begin(b2c, bookings(), {.extra = {{"q", "1"}}}).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_what_could_not_work)
{
    check_refused(begin({}, bookings()), errc::missing_endpoint, "authorization_endpoint");
    auto nowhere = bookings();
    nowhere.redirect_uri.clear();
    check_refused(begin(microsoft(), nowhere), errc::invalid_client, "redirect_uri");
    BOOST_TEST(begin(microsoft(), nowhere, {.redirect_uri = "http://127.0.0.1:1/"}).has_value());
    for (char const* bad : {"a\"b", "a\\b", "\xc3\xa9", "a\x7f", "a\x01"})
    {
        check_refused(begin(microsoft(), bookings(), {.scope = oauth::scope(bad)}), errc::invalid_scope, "authorization_options.scope");
        auto who = bookings();
        who.scope = bad;
        check_refused(begin(microsoft(), who), errc::invalid_scope, "client.scope");
        BOOST_TEST(begin(microsoft(), who, {.scope = oauth::scope("User.Read")}).has_value());
    }
    check_refused(oauth::authorization_request()({}, {.id = ""}, {}, entropy(), now), errc::missing_endpoint, "authorization_endpoint");
}

// RFC 8707 2.1
BOOST_AUTO_TEST_CASE(several_resources)
{
    auto who = bookings();
    who.resource = "https://cal.example.com/";
    auto const own = begin(microsoft(), who, {.also_resources = {"https://contacts.example.com/", "urn:x:y"}}).value();
    BOOST_TEST(own.url.find("&resource=https%3A%2F%2Fcal.example.com%2F&") != std::string::npos);
    BOOST_TEST(own.url.ends_with("&resource=https%3A%2F%2Fcontacts.example.com%2F&resource=urn%3Ax%3Ay"));
    BOOST_TEST(own.resource == "https://cal.example.com/");
    auto const replaced = begin(microsoft(), who, {.resource = "r", .also_resources = {"s"}, .extra = {{"x", "y"}}}).value();
    BOOST_TEST(replaced.url.ends_with("&resource=r&resource=s&x=y"));
    auto const alone = begin(microsoft(), bookings(), {.also_resources = {"s"}}).value();
    BOOST_TEST(alone.url.ends_with("&resource=s"));
    BOOST_TEST(alone.resource == "");
    check_refused(begin(microsoft(), bookings(), {.also_resources = {"s"}, .extra = {{"resource", "t"}}}), errc::duplicate_parameter, "resource");
}

// RFC 9126 1.1 and 2.1
BOOST_AUTO_TEST_CASE(the_example_of_rfc_9126)
{
    oauth::server_metadata const server{.authorization_endpoint = "https://as.example.com/authorize"};
    oauth::client const who{.id = "s6BhdRkqt3", .redirect_uri = "https://client.example.org/cb", .scope = "account-information"};
    oauth::authorization_request const request(server, who);
    auto const made = request(server, who, {.pushed = true}, entropy(), now).value();
    BOOST_TEST(request.pushed_parameters(made.url)
               == "response_type=code&code_challenge_method=S256&redirect_uri=https%3A%2F%2Fclient.example.org%2Fcb&scope=account-information"
                  "&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    BOOST_TEST(request.pushed_url("urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c")
               == "https://as.example.com/authorize?client_id=s6BhdRkqt3&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A6esc_11ACC5bwc014ltc14eY22c");
}

// What is pushed is the URL's own parameters, but for `client_id`, whatever is asked for and whatever the endpoint's URL brings along.
BOOST_AUTO_TEST_CASE(what_is_pushed_is_what_the_url_says)
{
    for (auto const* endpoint : {"https://a.example/authorize", "https://a.example/authorize?", "https://a.example/authorize?p=x&client=response_type", "https://a.example/authorize?p=x?",
                                 "https://a.example"})
        for (auto const& options : std::vector<authorization_options>{{},
                                                                      {.scope = oauth::scope("openid a"), .prompt = "login", .login_hint = "&client_id=x", .claims = "{}", .resource = "r"},
                                                                      {.also_resources = {"a", "b"}, .redirect_uri = "http://localhost:1/", .extra = {{"x&client_id", "y=z"}}}})
        {
            oauth::server_metadata const server{.authorization_endpoint = endpoint};
            auto who = bookings();
            who.id = "the client&1";
            who.claims = R"({"a":1})";
            oauth::authorization_request const request(server, who);
            auto const made = request(server, who, options, entropy(), now).value();
            auto expected = oauth::parse_form(query_of(made.url)).value();
            std::erase_if(expected, [](auto const& one) { return one.name == "client_id" || one.name == "p" || one.name == "client"; });
            auto const pushed = oauth::parse_form(request.pushed_parameters(made.url)).value();
            BOOST_TEST_REQUIRE(pushed.size() == expected.size());
            for (std::size_t i = 0; i < pushed.size(); ++i)
            {
                BOOST_TEST(pushed[i].name == expected[i].name);
                BOOST_TEST(pushed[i].value == expected[i].value);
            }
            auto left = oauth::parse_form(query_of(request.pushed_url("urn:x:y"))).value();
            std::erase_if(left, [](auto const& one) { return one.name == "p" || one.name == "client"; });
            BOOST_TEST_REQUIRE(left.size() == 2U);
            BOOST_TEST(left[0].name == "client_id");
            BOOST_TEST(left[0].value == who.id);
            BOOST_TEST(left[1].name == "request_uri");
            BOOST_TEST(left[1].value == "urn:x:y");
            BOOST_TEST(request.pushed_url("urn:x:y").starts_with(endpoint));
        }
}

// What was signed since then is pushed as it is (RFC 9126 3).
BOOST_AUTO_TEST_CASE(what_is_pushed_of_a_signed_request)
{
    for (std::string const before : {"https://a.example/authorize?", "https://a.example/authorize?p=x&"})
    {
        oauth::server_metadata const server{.authorization_endpoint = before.substr(0, before.size() - 1)};
        oauth::authorization_request const request(server, bookings());
        BOOST_TEST(request.pushed_parameters(before + "client_id=the%20client&request=a.b.c") == "request=a.b.c");
        BOOST_TEST(request.pushed_parameters(before + "client_id=x") == "");   // none of ours
        // As another signer may write it.
        BOOST_TEST(request.pushed_parameters(before + "request=a.b.c&client_id=x") == "request=a.b.c");
        BOOST_TEST(request.pushed_parameters(before + "scope=openid&client_id=x&request=a.b.c") == "scope=openid&request=a.b.c");
        BOOST_TEST(request.pushed_parameters(before + "request=a.b.c") == "request=a.b.c");
    }
}

BOOST_AUTO_TEST_CASE(knows_when_the_answer_must_be_signed)   // JARM 2.3
{
    auto const signed_by = [](oauth::server_metadata const& server, authorization_options const& options) { return begin(server, bookings(), options).value().signed_response; };
    for (std::string const mode : {"jwt", "query.jwt", "fragment.jwt", "form_post.jwt"})
    {
        BOOST_TEST(signed_by(microsoft(), {.response_mode = mode}));
        BOOST_TEST(signed_by(microsoft(), {.extra = {{"response_mode", mode}}}));
        auto server = microsoft();
        server.authorization_endpoint = "https://a.example/authorize?response_mode=" + mode;
        BOOST_TEST(signed_by(server, {}));
    }
    for (std::string const mode : {"", "query", "fragment", "form_post"}) BOOST_TEST(!signed_by(microsoft(), {.response_mode = mode}));
    BOOST_TEST(!signed_by(microsoft(), {.extra = {{"x", "query.jwt"}}}));
}

BOOST_AUTO_TEST_CASE(is_pushed_where_it_must_or_shall_be)
{
    oauth::server_metadata free, demanding;
    demanding.require_pushed_authorization_requests = true;
    BOOST_TEST(!oauth::is_pushed(free, {}));
    BOOST_TEST(oauth::is_pushed(free, {.pushed = true}));
    BOOST_TEST(oauth::is_pushed(demanding, {}));
    // The one parameter that would stand for another request.
    demanding.authorization_endpoint = "https://a.example/authorize";
    authorization_options const other{.extra = {{"request_uri", "urn:x:y"}}};
    check_refused(begin(demanding, bookings(), other), errc::duplicate_parameter, "request_uri");
    BOOST_TEST(begin(microsoft(), bookings(), other).has_value());
}

BOOST_AUTO_TEST_CASE(remembers_the_promise_of_an_issuer)
{
    auto server = microsoft();
    server.authorization_response_iss_parameter_supported = true;
    BOOST_TEST(begin(server, bookings()).value().issuer_promised);
    BOOST_TEST((begin(server, bookings()).value().bare_code == oauth::bare_code::unless_issuer_promised));
    BOOST_TEST((begin(server, bookings(), {.bare_code = oauth::bare_code::refused}).value().bare_code == oauth::bare_code::refused));
}

// Each of the three from its own bytes.
BOOST_AUTO_TEST_CASE(uses_all_of_its_entropy)
{
    auto const server = microsoft();
    auto const who = bookings();
    oauth::authorization_request const request(server, who);
    auto const first = request(server, who, {}, entropy(), now).value();
    for (std::size_t i = 0; i < oauth::authorization_request_entropy; ++i)
    {
        auto other = entropy();
        other[i] ^= std::byte(1);
        auto const made = request(server, who, {}, other, now).value();
        BOOST_TEST((made.state != first.state) == (i < 32));
        BOOST_TEST((made.code_verifier != first.code_verifier) == (i >= 32 && i < 64));
        BOOST_TEST((made.nonce != first.nonce) == (i >= 64));
        BOOST_TEST(made.state.size() == 43u);
        BOOST_TEST(made.code_verifier.size() == 43u);
    }
}

BOOST_AUTO_TEST_CASE(url_alone)
{
    oauth::authorization_request const request(microsoft(), bookings());
    constexpr char prefix[] = "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize?response_type=code&code_challenge_method=S256"
                              "&client_id=55555555-aaaa-4bbb-8ccc-666666666666";
    BOOST_TEST(request.url("s&", "c", "n", {.scope = oauth::scope("a"), .redirect_uri = "b"}) == prefix + std::string("&redirect_uri=b&scope=a&state=s%26&code_challenge=c&nonce=n"));
    BOOST_TEST(request.url("s", "c", "", {.scope = oauth::scope(), .redirect_uri = "b"}) == prefix + std::string("&redirect_uri=b&state=s&code_challenge=c"));
    auto const made = begin(microsoft(), bookings(), {.prompt = "login"}).value();
    BOOST_TEST(request.url(state, challenge, nonce, {.prompt = "login"}) == made.url);
}

BOOST_AUTO_TEST_SUITE_END()
