#include <oauth/testing/detail/authorize_endpoint.hpp>

#include "../server_probe.hpp"
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_authorize_endpoint)

using oauth::testing::personality;
using oauth::testing::user_choice;

namespace {

constexpr personality all[] = {personality::entra_v2, personality::entra_v1, personality::b2c, personality::standard};

std::string location(oauth::http_response const& answer) { return std::string(oauth::find_field(answer.fields, "Location")); }

} // namespace

BOOST_AUTO_TEST_CASE(a_good_request_ends_at_the_redirect_uri_with_code_and_state)
{
    struct row
    {
        personality kind;
        std::vector<std::string> names;
    };
    for (auto const& row : std::vector<row>{{personality::entra_v2, {"code", "client_info", "state", "session_state"}},
                                            {personality::entra_v1, {"code", "client_info", "state", "session_state"}},
                                            {personality::b2c, {"code", "client_info", "state"}},
                                            {personality::standard, {"code", "state", "iss"}}})
    {
        server_probe probe(row.kind);
        auto const url = probe.server.sign_in(probe.authorize_url(server_probe::with(server_probe::asks(), "client_info", "1")));
        BOOST_TEST(url.starts_with("http://localhost:8400/?"));
        auto const got = server_probe::parameters_of(url);
        std::vector<std::string> names;
        for (auto const& one : got) names.push_back(one.name);
        BOOST_TEST(names == row.names, boost::test_tools::per_element());
        BOOST_TEST(server_probe::value(got, "state") == "the state");
        if (row.kind == personality::standard) BOOST_TEST(server_probe::value(got, "iss") == "https://login.example.com");
        auto const counts = probe.server.counts();
        BOOST_TEST(counts.authorization_requests == 1u);
        BOOST_TEST(counts.sign_ins == 1u);
        BOOST_TEST(counts.cancellations == 0u);
    }
}

BOOST_AUTO_TEST_CASE(codes_differ_and_the_same_seed_gives_the_same)
{
    server_probe one, other;
    auto const first = one.code();
    BOOST_TEST(first.size() > 40u);
    BOOST_TEST(first == other.code());
    BOOST_TEST(first != one.code());
    auto options = server_probe::options(personality::entra_v2);
    options.seed = 1;
    BOOST_TEST(first != server_probe(options).code());
}

BOOST_AUTO_TEST_CASE(what_may_be_forged_is_shown_here_and_never_redirected)
{
    struct row
    {
        char const* name;
        char const* value;
        char const* says;
    };
    for (auto const kind : all)
        for (auto const& row : std::vector<row>{
                 {"client_id", "", "was not found"},
                 {"client_id", "another", "Application with identifier &#39;another&#39;"},
                 {"redirect_uri", "", "does not match the redirect URIs"},
                 {"redirect_uri", "http://localhost:8400", "does not match"},
                 {"redirect_uri", "http://localhost:8400/x", "does not match"},
                 {"redirect_uri", "http://localhost:8400/?x", "does not match"},
                 {"redirect_uri", "http://localhost:8400/#x", "does not match"},
                 {"redirect_uri", "http://127.0.0.1:8400/", "does not match"},
                 {"redirect_uri", "https://localhost:8400/", "does not match"},
                 {"redirect_uri", "http://localhost.evil.example:8400/", "does not match"},
                 {"redirect_uri", "http://x@localhost:8400/", "does not match"},
                 {"redirect_uri", "http://localhost:99999/", "does not match"},
                 {"redirect_uri", "http://localhost:/", "does not match"},
                 {"redirect_uri", "https://app.example:444/back?x=1", "does not match"},
                 {"redirect_uri", "http://intranet.example:81/back", "does not match"},
                 {"redirect_uri", "https://web.example/back", "does not match"},
                 {"redirect_uri", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
             })
        {
            server_probe probe(kind);
            auto const url = probe.authorize_url(server_probe::with(server_probe::asks(), row.name, row.value));
            auto const answer = probe.get(url);
            BOOST_TEST(answer.status == 400, row.name << '=' << row.value);
            BOOST_TEST(location(answer) == "");
            BOOST_TEST(oauth::find_field(answer.fields, "Content-Type") == "text/html; charset=utf-8");
            auto const body = answer.body.reveal();
            BOOST_TEST(body.find(row.says) != body.npos, row.says);
            BOOST_TEST(body.find("<script") == body.npos);
            BOOST_TEST(body.find("<form") == body.npos);
            BOOST_TEST(probe.server.sign_in(url) == "");
        }
}

BOOST_AUTO_TEST_CASE(a_client_or_redirect_uri_that_comes_twice_is_shown_here)
{
    for (auto const* name : {"client_id", "redirect_uri"})
    {
        server_probe probe;
        auto list = server_probe::asks();
        list.push_back({name, server_probe::value(list, name)});
        auto const answer = probe.get(probe.authorize_url(list));
        BOOST_TEST(answer.status == 400);
        BOOST_TEST(answer.body.reveal().find("is duplicated") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(only_the_port_of_a_loopback_redirect_uri_is_free)
{
    for (auto const* uri : {"http://localhost:8400/", "http://localhost:1/", "http://localhost/", "https://app.example/back?x=1", "com.example.app:/back"})
    {
        server_probe probe;
        auto const url = probe.server.sign_in(probe.authorize_url(server_probe::with(server_probe::asks(), "redirect_uri", uri)));
        std::string const begin = std::string(uri) + (std::string(uri).find('?') == std::string::npos ? '?' : '&') + "code=";
        BOOST_TEST(url.starts_with(begin), url << " should begin with " << begin);
    }
}

BOOST_AUTO_TEST_CASE(other_faults_are_told_to_the_client_with_its_state)
{
    struct row
    {
        char const* name;
        char const* value;
        char const* error;
        char const* number;
    };
    for (auto const& row : std::vector<row>{
             {"response_type", "", "invalid_request", "AADSTS900144: "},
             {"response_type", "token", "unsupported_response_type", "AADSTS700054: "},
             {"response_type", "code id_token", "unsupported_response_type", "AADSTS700054: "},
             {"response_mode", "web_message", "invalid_request", "AADSTS90023: "},
             {"code_challenge", "", "invalid_request", "AADSTS900144: "},
             {"code_challenge", "short", "invalid_request", "AADSTS501491: "},
             {"code_challenge", "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!", "invalid_request", "AADSTS501491: "},
             {"code_challenge_method", "", "invalid_request", "AADSTS501491: "},
             {"code_challenge_method", "plain", "invalid_request", "AADSTS501491: "},
             {"scope", "", "invalid_request", "AADSTS900144: "},
             {"scope", "openid a\"b", "invalid_scope", "AADSTS70011: "},
             {"nonce", "", "invalid_request", "AADSTS900144: "},
             {"prompt", "none", "login_required", "AADSTS50058: "},
             {"prompt", "now", "invalid_request", "AADSTS90023: "},
             {"max_age", "-1", "invalid_request", "AADSTS90023: "},
             {"max_age", "soon", "invalid_request", "AADSTS90023: "},
             {"max_age", "1234567890", "invalid_request", "AADSTS90023: "},
             {"dpop_jkt", "x", "invalid_request", "AADSTS90023: "},
             {"request", "x", "request_not_supported", "AADSTS90009: "},
             {"request_uri", "https://x.example/", "request_uri_not_supported", "AADSTS90009: "},
             {"resource", "https://graph.microsoft.com", "invalid_request", "AADSTS901002: "},
         })
    {
        server_probe probe;
        auto const answer = probe.get(probe.authorize_url(server_probe::with(server_probe::asks(), row.name, row.value)));
        BOOST_TEST(answer.status == 302, row.name << '=' << row.value);
        auto const got = server_probe::parameters_of(location(answer));
        BOOST_TEST(server_probe::value(got, "error") == row.error, row.name << '=' << row.value << ": " << server_probe::value(got, "error"));
        BOOST_TEST(server_probe::value(got, "error_description").starts_with(row.number), server_probe::value(got, "error_description"));
        BOOST_TEST(server_probe::value(got, "state") == "the state");
        BOOST_TEST(server_probe::value(got, "code") == "(none)");
        BOOST_TEST(probe.server.counts().sign_ins == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_request_without_state_is_refused_and_so_is_one_with_two)
{
    server_probe probe;
    auto answer = probe.get(probe.authorize_url(server_probe::with(server_probe::asks(), "state", "")));
    auto got = server_probe::parameters_of(location(answer));
    BOOST_TEST(server_probe::value(got, "error") == "invalid_request");
    BOOST_TEST(server_probe::value(got, "state") == "(none)");
    for (auto const* name : {"state", "scope", "response_mode", "nonce", "x"})
    {
        auto list = server_probe::asks();
        list.push_back({name, "one"});
        list.push_back({name, "two"});
        answer = probe.get(probe.authorize_url(list));
        got = server_probe::parameters_of(location(answer));
        BOOST_TEST(server_probe::value(got, "error") == "invalid_request", name);
        BOOST_TEST(server_probe::value(got, "error_description").find("is duplicated") != std::string::npos);
        BOOST_TEST(server_probe::value(got, "state") == (std::string(name) == "state" ? "(none)" : "the state"));
    }
}

BOOST_AUTO_TEST_CASE(only_known_scopes_where_they_are_listed)
{
    auto options = server_probe::options(personality::standard);
    options.known_scope = "read write";
    server_probe probe(options);
    auto error = [&](char const* scope) { return server_probe::value(probe.redirect(server_probe::asks(scope)), "error"); };
    BOOST_TEST(error("openid offline_access read") == "(none)");
    BOOST_TEST(error("openid read erase") == "invalid_scope");
    BOOST_TEST(error("READ") == "invalid_scope");
}

BOOST_AUTO_TEST_CASE(cancelling_on_either_page_says_access_denied)
{
    for (auto const kind : all)
    {
        server_probe probe(kind);
        auto const got = probe.redirect(server_probe::asks(), user_choice::cancel);
        BOOST_TEST(server_probe::value(got, "error") == "access_denied");
        BOOST_TEST(server_probe::value(got, "state") == "the state");
        bool const entra = kind == personality::entra_v2 || kind == personality::entra_v1;
        BOOST_TEST(server_probe::value(got, "error_subcode") == (entra ? "cancel" : "(none)"));
        BOOST_TEST(server_probe::value(got, "error_description").starts_with(entra ? "(none)" : kind == personality::b2c ? "AADB2C90091: " : "The user"));
        BOOST_TEST(server_probe::value(got, "iss") == (kind == personality::standard ? "https://login.example.com" : "(none)"));
        BOOST_TEST(probe.server.counts().cancellations == 1u);
        BOOST_TEST(probe.server.counts().sign_ins == 0u);
    }
    // By hand on the second page.
    server_probe probe;
    auto const origin = std::string("https://login.microsoftonline.com");
    auto const first = oauth::testing::detail::find_form(probe.get(probe.authorize_url(server_probe::asks())).body.reveal());
    BOOST_REQUIRE(first.has_value());
    auto list = server_probe::with(server_probe::with(first->inputs, "username", "alex@contoso.example"), "choice", "accept");
    auto const page = probe.server.handle(server_probe::form_request(origin + first->action, server_probe::encoded(list)));
    auto const second = oauth::testing::detail::find_form(page.body.reveal());
    BOOST_REQUIRE(second.has_value());
    auto const end = probe.server.handle(
        server_probe::form_request(origin + second->action, server_probe::encoded(server_probe::with(second->inputs, "choice", "cancel"))));
    BOOST_TEST(location(end) == "http://localhost:8400/?error=access_denied&error_subcode=cancel&state=the+state#");
}

BOOST_AUTO_TEST_CASE(the_answer_goes_where_response_mode_says)
{
    server_probe probe;
    auto url = probe.server.sign_in(probe.authorize_url(server_probe::with(server_probe::asks(), "response_mode", "fragment")));
    BOOST_TEST(url.starts_with("http://localhost:8400/#code="));
    url = probe.server.sign_in(probe.authorize_url(server_probe::with(server_probe::asks(), "response_mode", "query")));
    BOOST_TEST(url.starts_with("http://localhost:8400/?code="));
    auto const body = probe.server.sign_in(probe.authorize_url(server_probe::with(server_probe::asks(), "response_mode", "form_post")));
    BOOST_TEST(body.starts_with("code="));
    auto const refused = probe.get(probe.authorize_url(server_probe::with(server_probe::with(server_probe::asks(), "response_mode", "form_post"), "nonce", "")));
    BOOST_TEST(refused.status == 200);
    auto const form = oauth::testing::detail::find_form(refused.body.reveal());
    BOOST_REQUIRE(form.has_value());
    BOOST_TEST(form->action == "http://localhost:8400/");
    BOOST_TEST(server_probe::value(form->inputs, "error") == "invalid_request");
    BOOST_TEST(server_probe::value(form->inputs, "state") == "the state");
    // The one script of the page is allowed by its nonce alone.
    auto const policy = std::string(oauth::find_field(refused.fields, "Content-Security-Policy"));
    auto const mark = policy.find("script-src 'nonce-");
    BOOST_REQUIRE(mark != std::string::npos);
    auto const nonce = policy.substr(mark + 18, policy.find('\'', mark + 18) - mark - 18);
    BOOST_TEST(nonce.size() == 43u);
    BOOST_TEST(refused.body.reveal().find("<script nonce=\"" + nonce + "\">") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(entra_ends_every_redirect_in_an_empty_fragment)   // facts: since 2020-02
{
    for (auto const kind : all)
    {
        bool const entra = kind == personality::entra_v2 || kind == personality::entra_v1;
        auto const with = server_probe::with;
        server_probe probe(kind);
        auto const ends = [&](oauth::form_parameters const& list, user_choice choice = user_choice::accept) {
            auto const url = probe.server.sign_in(probe.authorize_url(list), choice);
            return std::pair(url.ends_with('#'), static_cast<int>(std::count(url.begin(), url.end(), '#')));
        };
        for (auto const& list : {server_probe::asks(), with(server_probe::asks(), "response_mode", "query"), with(server_probe::asks(), "prompt", "none"),
                                 with(server_probe::asks(), "redirect_uri", "https://app.example/back?x=1")})
            BOOST_TEST((ends(list) == std::pair(entra, entra ? 1 : 0)), probe.authorize_url(list));
        BOOST_TEST((ends(server_probe::asks(), user_choice::cancel) == std::pair(entra, entra ? 1 : 0)));
        // There is one already, or no URL.
        BOOST_TEST((ends(with(server_probe::asks(), "response_mode", "fragment")) == std::pair(false, 1)));
        auto const posted = with(server_probe::asks(), "response_mode", "form_post");
        BOOST_TEST((ends(posted) == std::pair(false, 0)));
        auto const page = oauth::testing::detail::find_form(probe.get(probe.authorize_url(with(posted, "prompt", "none"))).body.reveal());
        BOOST_REQUIRE(page.has_value());
        BOOST_TEST(page->action == "http://localhost:8400/");
    }
}

BOOST_AUTO_TEST_CASE(entra_s_codes_are_long)
{
    for (auto const kind : all)
    {
        bool const entra = kind == personality::entra_v2 || kind == personality::entra_v1;
        server_probe probe(kind);
        auto const code = probe.code();
        BOOST_TEST((code.size() > 900u) == entra);
        BOOST_TEST(code.size() < 1000u);
        BOOST_TEST(code.starts_with("1.A") == entra);
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_password_asks_again_and_the_first_page_is_used_up)
{
    auto options = server_probe::options(personality::entra_v2);
    options.users = {{.username = "alex", .password = "right"}};
    server_probe probe(options);
    auto const origin = std::string("https://login.microsoftonline.com");
    auto const form = oauth::testing::detail::find_form(probe.get(probe.authorize_url(server_probe::asks())).body.reveal());
    BOOST_REQUIRE(form.has_value());
    struct row
    {
        char const* username;
        char const* password;
    };
    auto next = form;
    for (auto const& row : std::vector<row>{{"alex", "wrong"}, {"somebody", "right"}, {"\"><b>", ""}})
    {
        auto list = server_probe::with(server_probe::with(next->inputs, "username", row.username), "password", row.password);
        auto const answer = probe.server.handle(server_probe::form_request(origin + next->action, server_probe::encoded(list)));
        BOOST_TEST(answer.status == 200);
        BOOST_TEST(answer.body.reveal().find("not right") != std::string::npos);
        BOOST_TEST(answer.body.reveal().find("<b>") == std::string::npos);
        next = oauth::testing::detail::find_form(answer.body.reveal());
        BOOST_REQUIRE(next.has_value());
        BOOST_TEST(server_probe::value(next->inputs, "username") == row.username);
        BOOST_TEST(server_probe::value(next->inputs, "password") == "");
    }
    auto const again = probe.server.handle(server_probe::form_request(origin + form->action, server_probe::encoded(form->inputs)));
    BOOST_TEST(again.status == 400);
    BOOST_TEST(again.body.reveal().find("the page has expired") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(pages_expire_and_can_not_be_skipped)
{
    server_probe probe;
    auto const origin = std::string("https://login.microsoftonline.com");
    auto const begin = [&] { return *oauth::testing::detail::find_form(probe.get(probe.authorize_url(server_probe::asks())).body.reveal()); };
    auto const send = [&](std::string const& path, oauth::form_parameters const& list) {
        return probe.server.handle(server_probe::form_request(origin + path, server_probe::encoded(list)));
    };
    auto form = begin();
    probe.clock.advance(std::chrono::minutes{10});
    BOOST_TEST(send(form.action, server_probe::with(form.inputs, "username", "alex@contoso.example")).status == 400);
    // The ticket of the first page at the second page's address.
    form = begin();
    auto consent = form.action;
    consent.replace(consent.find("sign-in"), 7, "consent");
    BOOST_TEST(send(consent, server_probe::with(form.inputs, "choice", "accept")).status == 400);
    BOOST_TEST(send(form.action, {}).status == 400);
    form = begin();
    BOOST_TEST(probe.get(origin + form.action + '?' + server_probe::encoded(form.inputs)).status == 400);
    BOOST_TEST(probe.server.counts().sign_ins == 0u);
}

BOOST_AUTO_TEST_CASE(pages_escape_what_the_request_brought_and_load_nothing)
{
    auto options = server_probe::options(personality::entra_v2);
    options.clients[0].name = "<i>App</i>";
    server_probe probe(options);
    auto list = server_probe::with(server_probe::asks("openid <u>scope</u>"), "login_hint", "\"><script>x</script>");
    auto const page = probe.get(probe.authorize_url(list));
    BOOST_TEST(page.status == 200);
    auto const form = oauth::testing::detail::find_form(page.body.reveal());
    BOOST_REQUIRE(form.has_value());
    BOOST_TEST(server_probe::value(form->inputs, "username") == "\"><script>x</script>");
    auto next = server_probe::with(form->inputs, "username", "alex@contoso.example");
    auto const consent = probe.server.handle(server_probe::form_request("https://login.microsoftonline.com" + form->action, server_probe::encoded(next)));
    BOOST_TEST(consent.status == 200);
    for (auto const* answer : {&page, &consent})
    {
        auto const body = answer->body.reveal();
        for (auto const* bad : {"<script", "<i>", "<u>", "src=", "url(", "@import", "<link", "<img"})
            BOOST_TEST(body.find(bad) == body.npos, bad);
        BOOST_TEST(body.find("prefers-color-scheme:dark") != body.npos);
        // The first button is the one that the Enter key presses.
        BOOST_TEST(body.substr(body.find("<button")).starts_with("<button class=\"main\" name=\"choice\" value=\"accept\""));
        BOOST_TEST(oauth::find_field(answer->fields, "Cache-Control").find("no-store") != std::string_view::npos);
        BOOST_TEST(oauth::find_field(answer->fields, "Content-Security-Policy").starts_with("default-src 'none'"));
        BOOST_TEST(oauth::find_field(answer->fields, "X-Frame-Options") == "DENY");
        BOOST_TEST(oauth::find_field(answer->fields, "Set-Cookie") == "");
    }
    auto const body = consent.body.reveal();
    for (auto const* shown : {"&lt;i&gt;App", "&lt;u&gt;scope", "Alex Example", "Sign you in", "http://localhost:8400/"})
        BOOST_TEST(body.find(shown) != body.npos, shown);
}

BOOST_AUTO_TEST_CASE(the_request_may_be_posted)
{
    server_probe probe;
    auto const url = probe.server.metadata().authorization_endpoint.url();
    auto request = server_probe::form_request(url, server_probe::encoded(server_probe::asks()));
    BOOST_TEST(probe.server.handle(request).status == 200);
    request.fields.clear();
    BOOST_TEST(probe.server.handle(request).status == 400);
    request.method = oauth::http_method::put;
    BOOST_TEST(probe.server.handle(request).status == 400);
    request = server_probe::form_request(url, "client_id=%zz");
    BOOST_TEST(probe.server.handle(request).status == 400);
}

BOOST_AUTO_TEST_CASE(other_tenants_and_paths_are_refused)
{
    server_probe probe;
    auto const query = "/oauth2/v2.0/authorize?" + server_probe::encoded(server_probe::asks());
    auto const status = [&](std::string const& tenant) { return probe.get("https://login.microsoftonline.com/" + tenant + query).status; };
    for (auto const* good : {"contoso.onmicrosoft.com", "11111111-aaaa-4bbb-8ccc-222222222222", "common", "organizations"}) BOOST_TEST(status(good) == 200, good);
    BOOST_TEST(status("fabrikam.onmicrosoft.com") == 400);
    BOOST_TEST(status("consumers") == 400);
    BOOST_TEST(status("contoso.onmicrosoft.com/B2C_1_signupsignin1") == 404);
    BOOST_TEST(probe.get("https://login.microsoftonline.com" + query).status == 404);
    BOOST_TEST(probe.get("https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/authorize").status == 404);
    BOOST_TEST(probe.get("https://login.microsoftonline.com/").status == 404);
    BOOST_TEST(probe.get("https://login.microsoftonline.com").status == 404);
}

BOOST_AUTO_TEST_CASE(b2c_takes_its_policy_in_the_path_or_in_the_query)
{
    server_probe probe(personality::b2c);
    auto const query = server_probe::encoded(server_probe::asks());
    std::string const tenant = "https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com";
    for (auto const& url : {tenant + "/B2C_1_signupsignin1/oauth2/v2.0/authorize?" + query, tenant + "/oauth2/v2.0/authorize?p=B2C_1_signupsignin1&" + query,
                            "https://contosob2c.b2clogin.com/tfp/contosob2c.onmicrosoft.com/B2C_1_signupsignin1/oauth2/v2.0/authorize?" + query})
        BOOST_TEST(probe.server.sign_in(url).starts_with("http://localhost:8400/?code="), url);
    for (auto const& url : {tenant + "/B2C_1_other/oauth2/v2.0/authorize?" + query, tenant + "/oauth2/v2.0/authorize?" + query})
        BOOST_TEST(probe.get(url).status == 404, url);
}

BOOST_AUTO_TEST_SUITE_END()
