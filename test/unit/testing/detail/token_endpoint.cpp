#include <oauth/testing/detail/token_endpoint.hpp>

#include "../server_probe.hpp"
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_token_endpoint)

using oauth::testing::personality;
using oauth::testing::rotation;
using P = server_probe;

namespace {

constexpr personality all[] = {personality::entra_v2, personality::entra_v1, personality::b2c, personality::standard};

/// Entra v1 wants a resource.
oauth::form_parameters asks_for(personality kind, std::string scope = "openid offline_access Bookings.ReadWrite.All")
{
    return kind == personality::entra_v1 ? P::with(P::asks(std::move(scope)), "resource", "https://graph.microsoft.com") : P::asks(std::move(scope));
}

struct wrong
{
    char const* name;
    std::string value;
    std::string error;
    std::int64_t number;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_good_exchange_and_a_good_refresh)
{
    for (auto const kind : all)
    {
        P probe(kind);
        auto const first = probe.tokens(asks_for(kind));
        BOOST_TEST(P::text(first, "token_type") == "Bearer");
        BOOST_TEST(probe.server.accepts(P::text(first, "access_token")));
        auto const second = P::json(probe.post(P::renews(P::text(first, "refresh_token"))));
        BOOST_TEST(probe.server.accepts(P::text(second, "access_token")));
        BOOST_TEST(P::text(second, "access_token") != P::text(first, "access_token"));
        BOOST_TEST(P::text(second, "refresh_token") != P::text(first, "refresh_token"));
        BOOST_TEST(P::text(second, "refresh_token") != "(none)");
        auto const counts = probe.server.counts();
        BOOST_TEST(counts.token_requests == 2u);
        BOOST_TEST(counts.code_exchanges == 1u);
        BOOST_TEST(counts.refreshes == 1u);
        BOOST_TEST(counts.refusals == 0u);
        BOOST_TEST(probe.server.refresh_count() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(each_fault_of_a_code_exchange_has_its_refusal)
{
    for (auto const& row : std::vector<wrong>{
             {"grant_type", "", "400 invalid_request", 900144},
             {"grant_type", "password", "400 unsupported_grant_type", 70003},
             {"client_id", "", "400 invalid_request", 900144},
             {"client_id", "nobody", "400 unauthorized_client", 700016},
             {"client_id", "web app", "401 invalid_client", 7000218},
             {"client_secret", "x", "401 invalid_client", 700025},
             {"client_assertion", "x", "401 invalid_client", 700025},
             {"code", "", "400 invalid_request", 900144},
             {"code", "1.Aunknown", "400 invalid_grant", 9002313},
             {"redirect_uri", "", "400 invalid_request", 900144},
             {"redirect_uri", "http://localhost:8401/", "400 invalid_grant", 50011},
             {"redirect_uri", "http://localhost:8400", "400 invalid_grant", 50011},
             {"code_verifier", "", "400 invalid_request", 900144},
             {"code_verifier", "verifier-verifier-verifier-verifier-verifier-44", "400 invalid_grant", 501481},
             {"code_verifier", "short", "400 invalid_grant", 501481},
             {"code_verifier", oauth::pkce::s256(P::verifier), "400 invalid_grant", 501481},
             {"resource", "https://graph.microsoft.com", "400 invalid_request", 901002},
             {"scope", "a\"b", "400 invalid_scope", 70011},
             {"scope", "User.Read https://other.example/read", "400 invalid_scope", 700022},
             {"scope", "Mail.Read", "400 invalid_grant", 65001},
         })
    {
        P probe;
        auto const good = P::redeems(probe.code());
        auto const answer = probe.post(P::with(good, row.name, row.value));
        BOOST_TEST(P::error(answer) == row.error, row.name << '=' << row.value << ": " << P::error(answer));
        BOOST_TEST(P::number(answer) == row.number, row.name << '=' << row.value << ": " << P::number(answer));
        BOOST_TEST(oauth::find_field(answer.fields, "Cache-Control").starts_with("no-store"));
        BOOST_TEST(probe.server.counts().refusals == 1u);
        BOOST_TEST(probe.server.counts().code_exchanges == 0u);
        // What was refused for another reason has not spent the code.
        BOOST_TEST(probe.post(good).status == 200);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_form_post_is_refused)
{
    P probe;
    auto const url = probe.server.metadata().token_endpoint.url();
    auto const body = P::encoded(P::redeems(probe.code()));
    auto const good = P::form_request(url, body);
    struct row
    {
        char const* what;
        oauth::http_request request;
        std::string error;
        std::int64_t number;
    };
    auto const changed = [&](auto change) {
        auto request = good;
        change(request);
        return request;
    };
    for (auto const& row : std::vector<row>{
             {"GET", changed([](auto& one) { one.method = oauth::http_method::get; }), "400 invalid_request", 900561},
             {"PUT", changed([](auto& one) { one.method = oauth::http_method::put; }), "400 invalid_request", 900561},
             {"Origin", changed([](auto& one) { one.fields.push_back({"origin", "https://app.example"}); }), "400 invalid_request", 9002326},
             {"no type", changed([](auto& one) { one.fields.clear(); }), "400 invalid_request", 900144},
             {"json", changed([](auto& one) { one.fields = {{"Content-Type", "application/json"}}; }), "400 invalid_request", 900144},
             {"query", changed([&](auto& one) { one.url = url + "?x=1"; }), "400 invalid_request", 90023},
             {"policy", changed([&](auto& one) { one.url = url + "?p=x"; }), "400 invalid_request", 90023},
             {"empty", changed([](auto& one) { one.body.clear(); }), "400 invalid_request", 900144},
             {"encoding", changed([](auto& one) { one.body = oauth::secret("grant_type=%x"); }), "400 invalid_request", 90023},
             {"duplicate", changed([&](auto& one) { one.body = oauth::secret(body + "&code=x"); }), "400 invalid_request", 9000411},
             {"same duplicate", changed([&](auto& one) { one.body = oauth::secret(body + "&client_id=public-app"); }), "400 invalid_request", 9000411},
             {"tenant",
              changed([&](auto& one) { one.url = "https://login.microsoftonline.com/fabrikam.example/oauth2/v2.0/token"; }), "400 invalid_request", 90002},
         })
    {
        auto const answer = probe.server.handle(row.request);
        BOOST_TEST(P::error(answer) == row.error, row.what << ": " << P::error(answer));
        BOOST_TEST(P::number(answer) == row.number, row.what << ": " << P::number(answer));
    }
    auto lax = good;
    lax.fields = {{"content-type", "Application/X-WWW-Form-Urlencoded ; charset=utf-8"}};
    BOOST_TEST(probe.server.handle(lax).status == 200);

    P standard(personality::standard);
    auto const answer = standard.get(standard.server.metadata().token_endpoint.url());
    BOOST_TEST(P::error(answer) == "405 invalid_request");
    BOOST_TEST(oauth::find_field(answer.fields, "Allow") == "POST");
}

BOOST_AUTO_TEST_CASE(a_confidential_client_proves_itself_by_body_or_header)
{
    // "web app" and "p+s %:w", form-encoded, joined by ':' and written in base64.
    std::string const basic = "Basic d2ViK2FwcDpwJTJCcyslMjUlM0F3";
    std::string const not_encoded = "Basic d2ViIGFwcDpwK3MgJTp3";
    struct row
    {
        char const* secret;
        std::string authorization;
        char const* client_id;
        std::string error;
        std::int64_t number;
    };
    for (auto const& row : std::vector<row>{
             {"p+s %:w", "", "web app", "200 (none)", 0},
             {"", basic, "", "200 (none)", 0},
             {"", basic, "web app", "200 (none)", 0},
             {"", "basic d2ViK2FwcDpwJTJCcyslMjUlM0F3", "", "200 (none)", 0},
             {"", "", "web app", "401 invalid_client", 7000218},
             {"p s %:w", "", "web app", "401 invalid_client", 7000215},
             {"p+s %:w ", "", "web app", "401 invalid_client", 7000215},
             {"p+s %:w", basic, "web app", "400 invalid_request", 90023},
             {"", basic, "public-app", "400 invalid_request", 90023},
             {"", not_encoded, "", "400 invalid_request", 90023},
             {"", "Bearer d2ViK2FwcDpwJTJCcyslMjUlM0F3", "", "400 invalid_request", 90023},
             {"", "Basic !!!!", "", "400 invalid_request", 90023},
             {"", "Basic d2Vi", "", "400 invalid_request", 90023},
             {"", "Basic d2ViK2FwcDp4", "", "401 invalid_client", 7000215},
             {"", "Basic d2ViK2FwcDo=", "", "401 invalid_client", 7000218},
             {"", "Basic cHVibGljLWFwcDo=", "", "401 invalid_client", 700025},
         })
    {
        P probe;
        auto asks = P::with(P::with(P::asks(), "client_id", "web app"), "redirect_uri", "https://web.example/back");
        auto list = P::with(P::with(P::redeems(probe.code(asks)), "client_id", row.client_id), "redirect_uri", "https://web.example/back");
        auto const answer = probe.post(P::with(list, "client_secret", row.secret), row.authorization);
        BOOST_TEST(P::error(answer) == row.error, row.secret << '|' << row.authorization << ": " << P::error(answer));
        BOOST_TEST(P::number(answer) == row.number, row.secret << '|' << row.authorization << ": " << P::number(answer));
        bool const challenged = !oauth::find_field(answer.fields, "WWW-Authenticate").empty();
        BOOST_TEST(challenged == (answer.status == 401 && !row.authorization.empty()));
        BOOST_TEST(answer.body.reveal().find("%:w") == std::string::npos);
    }
    P standard(personality::standard);
    BOOST_TEST(P::error(standard.post(P::with(P::redeems("x"), "client_id", "nobody"))) == "401 invalid_client");
}

BOOST_AUTO_TEST_CASE(a_code_is_for_one_client_one_tenant_and_ten_minutes)
{
    P probe;
    auto code = probe.code();
    auto stolen = P::with(P::with(P::redeems(code), "client_id", "web app"), "client_secret", "p+s %:w");
    auto answer = probe.post(stolen);
    BOOST_TEST(P::error(answer) == "400 invalid_grant");
    BOOST_TEST(P::number(answer) == 70000);

    auto const elsewhere = P::form_request("https://login.microsoftonline.com/common/oauth2/v2.0/token", P::encoded(P::redeems(code)));
    BOOST_TEST(P::number(probe.server.handle(elsewhere)) == 700005);

    probe.clock.advance(std::chrono::seconds{599});
    BOOST_TEST(probe.post(P::redeems(code)).status == 200);

    code = probe.code();
    probe.clock.advance(std::chrono::seconds{600});
    answer = probe.post(P::redeems(code));
    BOOST_TEST(P::error(answer) == "400 invalid_grant");
    BOOST_TEST(P::number(answer) == 70008);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_for_one_client_at_any_tenant)
{
    for (std::string const path : {"/oauth2/v2.0/token", "/oauth2/token"})
        for (std::string const tenant : {"contoso.onmicrosoft.com", "11111111-aaaa-4bbb-8ccc-222222222222", "common", "organizations"})
        {
            bool const v1 = path == "/oauth2/token";
            P probe(v1 ? personality::entra_v1 : personality::entra_v2);
            auto const tokens = probe.tokens(asks_for(v1 ? personality::entra_v1 : personality::entra_v2));
            auto const list = P::renews(P::text(tokens, "refresh_token"));
            auto const url = "https://login.microsoftonline.com/" + tenant + path;
            BOOST_TEST(probe.server.handle(P::form_request(url, P::encoded(list))).status == 200, url);
            auto const stolen = P::with(P::with(list, "client_id", "web app"), "client_secret", "p+s %:w");
            BOOST_TEST(P::number(probe.server.handle(P::form_request(url, P::encoded(stolen)))) == 70000, url);
        }
}

BOOST_AUTO_TEST_CASE(a_scope_without_end_keeps_nobody_waiting)
{
    std::string endless;
    for (int i = 0; i < 15'000; ++i) endless += std::to_string(i) + ' ';
    auto const began = std::chrono::steady_clock::now();
    for (auto const kind : all)
    {
        P probe(kind);
        auto const tokens = probe.tokens(asks_for(kind));
        auto const refused = probe.post(P::with(P::with(P::renews(P::text(tokens, "refresh_token")), "scope", endless), "resource", kind == personality::entra_v1 ? "https://graph.microsoft.com" : ""));
        BOOST_TEST(P::error(refused) == "400 invalid_scope");
        BOOST_TEST(refused.body.size() < 2000U);
        BOOST_TEST(P::value(probe.redirect(asks_for(kind, "openid " + endless)), "error") == "invalid_scope");
    }
    BOOST_TEST((std::chrono::steady_clock::now() - began < std::chrono::seconds{20}));
}

BOOST_AUTO_TEST_CASE(a_code_that_comes_twice_ends_what_came_of_it)
{
    for (auto const kind : all)
    {
        P probe(kind);
        auto const code = probe.code(asks_for(kind));
        auto const tokens = P::json(probe.post(P::redeems(code)));
        auto const bystander = probe.tokens(asks_for(kind));
        BOOST_TEST(probe.server.accepts(P::text(tokens, "access_token")));
        auto const again = probe.post(P::redeems(code));
        BOOST_TEST(P::error(again) == "400 invalid_grant");
        if (kind == personality::entra_v2) BOOST_TEST(P::number(again) == 54005);
        BOOST_TEST(!probe.server.accepts(P::text(tokens, "access_token")));
        BOOST_TEST(P::error(probe.post(P::renews(P::text(tokens, "refresh_token")))) == "400 invalid_grant");
        BOOST_TEST(probe.server.accepts(P::text(bystander, "access_token")));
        BOOST_TEST(probe.post(P::renews(P::text(bystander, "refresh_token"))).status == 200);
        BOOST_TEST(probe.server.counts().reuses_detected == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_spent_refresh_token_ends_the_session_where_rotation_is_strict)
{
    for (auto const kind : all)
    {
        P probe(kind);
        auto const first = probe.tokens(asks_for(kind));
        auto const second = P::json(probe.post(P::renews(P::text(first, "refresh_token"))));
        auto const again = probe.post(P::renews(P::text(first, "refresh_token")));
        BOOST_TEST(P::error(again) == "400 invalid_grant");
        if (kind == personality::entra_v2) BOOST_TEST(P::number(again) == 50173);
        BOOST_TEST(P::error(probe.post(P::renews(P::text(second, "refresh_token")))) == "400 invalid_grant");
        BOOST_TEST(!probe.server.accepts(P::text(second, "access_token")));
        BOOST_TEST(probe.server.counts().reuses_detected == 1u);
        BOOST_TEST(probe.server.refresh_count() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(laxer_rotations_as_the_options_say)
{
    auto options = P::options(personality::entra_v2);
    options.rotation = rotation::lenient;
    P lenient(options);
    auto token = P::text(lenient.tokens(), "refresh_token");
    auto const one = P::json(lenient.post(P::renews(token)));
    auto const other = P::json(lenient.post(P::renews(token)));
    BOOST_TEST(P::text(one, "refresh_token") != P::text(other, "refresh_token"));
    BOOST_TEST(P::text(one, "refresh_token") != token);
    BOOST_TEST(lenient.post(P::renews(P::text(one, "refresh_token"))).status == 200);

    options.rotation = rotation::off;
    P off(options);
    token = P::text(off.tokens(), "refresh_token");
    for (int i = 0; i < 2; ++i) BOOST_TEST(P::text(P::json(off.post(P::renews(token))), "refresh_token") == token);

    options.rotation = rotation::strict;
    options.omit_refresh_token_on_refresh = true;
    P omitting(options);
    token = P::text(omitting.tokens(), "refresh_token");
    BOOST_TEST(token != "(none)");
    for (int i = 0; i < 2; ++i)
    {
        auto const answer = omitting.post(P::renews(token));
        BOOST_TEST(answer.status == 200);
        BOOST_TEST(P::text(P::json(answer), "refresh_token") == "(none)");
    }
}

BOOST_AUTO_TEST_CASE(each_fault_of_a_refresh_has_its_refusal)
{
    for (auto const& row : std::vector<wrong>{
             {"refresh_token", "", "400 invalid_request", 900144},
             {"refresh_token", "rt.unknown", "400 invalid_grant", 9002313},
             {"client_id", "", "400 invalid_request", 900144},
             {"client_secret", "x", "401 invalid_client", 700025},
             {"scope", "Mail.Read", "400 invalid_grant", 65001},
             {"scope", "https://other.example/read User.Read", "400 invalid_scope", 700022},
             {"resource", "https://graph.microsoft.com", "400 invalid_request", 901002},
         })
    {
        P probe;
        auto const good = P::renews(P::text(probe.tokens(), "refresh_token"));
        auto const answer = probe.post(P::with(good, row.name, row.value));
        BOOST_TEST(P::error(answer) == row.error, row.name << '=' << row.value << ": " << P::error(answer));
        BOOST_TEST(P::number(answer) == row.number, row.name << '=' << row.value << ": " << P::number(answer));
        BOOST_TEST(probe.post(good).status == 200);
    }
    P probe;
    auto const token = P::text(probe.tokens(), "refresh_token");
    auto stolen = P::with(P::with(P::renews(token), "client_id", "web app"), "client_secret", "p+s %:w");
    BOOST_TEST(P::number(probe.post(stolen)) == 70000);
    probe.clock.advance(std::chrono::days{14});
    BOOST_TEST(P::number(probe.post(P::renews(token))) == 700082);
    BOOST_TEST(P::text(P::json(probe.post(P::renews("x"))), "suberror") == "bad_token");
}

BOOST_AUTO_TEST_CASE(there_is_a_refresh_token_for_offline_access_and_an_id_token_for_openid)
{
    struct row
    {
        personality kind;
        char const* scope;
        bool refresh;
        bool id;
        bool access;
    };
    for (auto const& row : std::vector<row>{
             {personality::entra_v2, "User.Read", false, false, true},
             {personality::entra_v2, "openid User.Read", false, true, true},
             {personality::entra_v2, "offline_access User.Read", true, false, true},
             {personality::entra_v1, "openid", true, true, true},
             {personality::entra_v1, "", true, false, true},
             {personality::b2c, "openid", false, true, false},
             {personality::b2c, "openid offline_access public-app", true, true, true},
             {personality::standard, "read", false, false, true},
             {personality::standard, "openid offline_access", true, true, true},
         })
    {
        P probe(row.kind);
        auto const tokens = probe.tokens(P::with(asks_for(row.kind), "scope", row.scope));
        BOOST_TEST(!tokens.empty(), row.scope);
        BOOST_TEST(tokens.contains("refresh_token") == row.refresh, row.scope);
        BOOST_TEST(tokens.contains("id_token") == row.id, row.scope);
        BOOST_TEST(tokens.contains("access_token") == row.access, row.scope);
    }
}

BOOST_AUTO_TEST_CASE(scopes_can_be_narrowed_never_widened)
{
    P entra;
    auto asks = P::asks("openid offline_access User.Read https://graph.microsoft.com/Bookings.ReadWrite.All https://other.example/api/read");
    auto const first = entra.tokens(asks);
    // One resource at a time, Graph's names short, then those of OpenID Connect, never offline_access.
    BOOST_TEST(P::text(first, "scope") == "User.Read Bookings.ReadWrite.All profile openid email");
    auto list = P::with(P::renews(P::text(first, "refresh_token")), "scope", "https://graph.microsoft.com/User.Read offline_access");
    auto const second = P::json(entra.post(list));
    BOOST_TEST(P::text(second, "scope") == "User.Read");
    list = P::with(P::renews(P::text(second, "refresh_token")), "scope", "https://other.example/api/read");
    auto const third = P::json(entra.post(list));
    BOOST_TEST(P::text(third, "scope") == "https://other.example/api/read");
    auto const taken = entra.server.introspect(P::text(third, "access_token"));
    BOOST_REQUIRE(taken.has_value());
    BOOST_TEST(taken->resource == "https://other.example/api");
    list = P::with(P::renews(P::text(third, "refresh_token")), "scope", "Mail.Read");
    auto const refused = entra.post(list);
    BOOST_TEST(P::number(refused) == 65001);
    BOOST_TEST(P::text(P::json(refused), "suberror") == "consent_required");

    auto const whole = entra.tokens(P::asks("https://graph.microsoft.com/.default"));
    BOOST_TEST(P::text(whole, "scope") == "User.Read Bookings.ReadWrite.All");

    P standard(personality::standard);
    auto const tokens = standard.tokens(P::asks("offline_access read write"));
    BOOST_TEST(P::text(tokens, "scope") == "offline_access read write");
    auto const narrow = standard.post(P::with(P::renews(P::text(tokens, "refresh_token")), "scope", "read"));
    BOOST_TEST(P::text(P::json(narrow), "scope") == "read");
    auto const wide = standard.post(P::with(P::renews(P::text(P::json(narrow), "refresh_token")), "scope", "read erase"));
    BOOST_TEST(P::error(wide) == "400 invalid_scope");
    // What was narrowed for one token is not lost for the next.
    auto const again = standard.post(P::renews(P::text(P::json(narrow), "refresh_token")));
    BOOST_TEST(P::text(P::json(again), "scope") == "offline_access read write");
}

BOOST_AUTO_TEST_CASE(entra_v1_is_asked_by_resource)
{
    P probe(personality::entra_v1);
    auto const named = P::with(P::asks(), "resource", "https://graph.microsoft.com");
    BOOST_TEST(P::text(probe.tokens(named), "resource") == "https://graph.microsoft.com");
    auto const late = P::json(probe.post(P::with(P::redeems(probe.code()), "resource", "https://other.example/")));
    BOOST_TEST(P::text(late, "resource") == "https://other.example/");
    BOOST_TEST(P::number(probe.post(P::redeems(probe.code()))) == 900144);
    auto const other = probe.post(P::with(P::redeems(probe.code(named)), "resource", "https://other.example/"));
    BOOST_TEST(P::error(other) == "400 invalid_resource");
    BOOST_TEST(P::number(other) == 500011);
    auto const text = P::text(P::json(other), "error_description");
    std::ifstream file(OAUTH_TEST_FIXTURES "/microsoft/err_invalid_resource_500011.json");
    auto real = P::text(boost::json::parse(std::string{std::istreambuf_iterator<char>(file), {}}).as_object(), "error_description");
    std::string const asked = "https://api.contoso.example";
    real.replace(real.find(asked), asked.size(), "https://other.example/");
    BOOST_TEST(text.substr(0, text.find('\r')) == real.substr(0, real.find('\r')));
    // A refresh token is good for any resource.
    auto const tokens = probe.tokens(named);
    auto const renewed = P::json(probe.post(P::with(P::renews(P::text(tokens, "refresh_token")), "resource", "https://other.example/")));
    BOOST_TEST(P::text(renewed, "resource") == "https://other.example/");
    BOOST_TEST(!renewed.contains("id_token"));
}

BOOST_AUTO_TEST_CASE(b2c_ties_a_grant_to_its_policy_and_has_errors_of_its_own)
{
    P probe(personality::b2c);
    auto const body = P::json(probe.post(P::redeems("unknown")));
    BOOST_TEST(body.size() == 2u);
    BOOST_TEST(P::text(body, "error_description").starts_with("AADB2C90080: "));
    BOOST_TEST(P::text(body, "error_description").ends_with("Z\r\n"));
    auto const by_query = P::form_request("https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com/oauth2/v2.0/token?p=B2C_1_signupsignin1",
                                          P::encoded(P::redeems(probe.code())));
    BOOST_TEST(probe.server.handle(by_query).status == 200);
    auto const description = P::text(P::json(probe.post(P::with(P::redeems("x"), "client_secret", "x"))), "error_description");
    BOOST_TEST(description.starts_with("AADB2C90084: "));
}

BOOST_AUTO_TEST_CASE(a_client_of_its_own_right)
{
    auto const list = oauth::form_parameters{
        {"grant_type", "client_credentials"}, {"client_id", "web app"}, {"client_secret", "p+s %:w"}, {"scope", "https://graph.microsoft.com/.default"}};
    P probe;
    auto const answer = P::json(probe.post(list));
    std::vector<std::string> names;
    for (auto const& member : answer) names.emplace_back(member.key());
    BOOST_TEST(names == (std::vector<std::string>{"token_type", "expires_in", "ext_expires_in", "access_token"}), boost::test_tools::per_element());
    auto const taken = probe.server.introspect(P::text(answer, "access_token"));
    BOOST_REQUIRE(taken.has_value());
    BOOST_TEST(!taken->user.has_value());
    BOOST_TEST(taken->client_id == "web app");
    BOOST_TEST(probe.server.counts().client_credentials == 1u);
    for (auto const& row : std::vector<wrong>{
             {"scope", "", "400 invalid_request", 900144},
             {"scope", "User.Read", "400 invalid_scope", 70011},
             {"scope", "https://a.example/.default https://b.example/.default", "400 invalid_scope", 70011},
             {"client_secret", "", "401 invalid_client", 7000218},
             {"client_id", "public-app", "401 invalid_client", 700025},
         })
    {
        auto const refused = probe.post(P::with(list, row.name, row.value));
        BOOST_TEST(P::error(refused) == row.error, row.name << '=' << row.value << ": " << P::error(refused));
        BOOST_TEST(P::number(refused) == row.number);
    }
    BOOST_TEST(P::error(probe.post({{"grant_type", "client_credentials"}, {"client_id", "public-app"}, {"scope", "https://graph.microsoft.com/.default"}}))
               == "401 invalid_client");
    auto const common = P::form_request("https://login.microsoftonline.com/common/oauth2/v2.0/token", P::encoded(list));
    BOOST_TEST(P::number(probe.server.handle(common)) == 9001023);

    P v1(personality::entra_v1);
    BOOST_TEST(P::number(v1.post(list)) == 900144);
    BOOST_TEST(P::text(P::json(v1.post(P::with(list, "resource", "https://graph.microsoft.com"))), "expires_in") == "3599");
    P b2c(personality::b2c);
    BOOST_TEST(P::text(P::json(b2c.post(list)), "resource") == "https://graph.microsoft.com");
    P standard(personality::standard);
    BOOST_TEST(standard.post(P::with(list, "scope", "read")).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
