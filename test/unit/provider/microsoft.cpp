#include <oauth/provider/microsoft.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace {

using namespace oauth;
using microsoft::cloud;

constexpr std::string_view contoso_id = "11111111-aaaa-4bbb-8ccc-222222222222";
constexpr std::string_view msa = "9188040d-6c67-4c5b-b112-36a304b66dad";

// A short way to write what is expected: authorize, token, device, logout, keys, userinfo.
struct layout
{
    std::string authorize, token, device, logout, keys, userinfo;
};

layout of(server_metadata const& made)
{
    return {made.authorization_endpoint.url(), made.token_endpoint.url(), made.device_authorization_endpoint.url(), made.end_session_endpoint.url(), made.jwks_uri.url(),
        made.userinfo_endpoint.url()};
}

void check_layout(server_metadata const& made, layout const& expected, std::string const& what)
{
    auto const found = of(made);
    BOOST_TEST(found.authorize == expected.authorize, what);
    BOOST_TEST(found.token == expected.token, what);
    BOOST_TEST(found.device == expected.device, what);
    BOOST_TEST(found.logout == expected.logout, what);
    BOOST_TEST(found.keys == expected.keys, what);
    BOOST_TEST(found.userinfo == expected.userinfo, what);
    BOOST_TEST(made.advice_rules.data() == microsoft::advice_rules.data(), what);
    BOOST_TEST(!made.authorization_response_iss_parameter_supported, what);
    BOOST_TEST((made.response_modes_supported == std::vector<std::string>{"query", "fragment", "form_post"}), what);
}

layout v2_at(std::string const& base, std::string const& userinfo)
{
    return {base + "/oauth2/v2.0/authorize", base + "/oauth2/v2.0/token", base + "/oauth2/v2.0/devicecode", base + "/oauth2/v2.0/logout", base + "/discovery/v2.0/keys", userinfo};
}

layout v1_at(std::string const& base, std::string const& userinfo)
{
    return {base + "/oauth2/authorize", base + "/oauth2/token", base + "/oauth2/devicecode", base + "/oauth2/logout", base + "/discovery/keys", userinfo};
}

std::filesystem::path fixtures() { return std::filesystem::path(OAUTH_TEST_FIXTURES) / "microsoft"; }

std::string read(std::filesystem::path const& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

template <class Call>
void refused(Call call, std::string const& what)
{
    BOOST_CHECK_EXCEPTION(call(), error, [&](error const& e) {
        BOOST_TEST(!e.why().hint.empty(), what);
        BOOST_TEST((e.why().next == advice::fix_configuration), what);
        return e.code() == errc::invalid_authority;
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(provider_microsoft)

BOOST_AUTO_TEST_CASE(tenant_kinds)
{
    using enum microsoft::tenant_kind;
    struct row
    {
        std::string_view text;
        microsoft::tenant_kind expected;
        std::string_view issuer;
    };
    for (auto const& [text, expected, issuer] : {
             row{"common", common, "{tenantid}"},
             row{"organizations", organizations, "{tenantid}"},
             row{"consumers", consumers, msa},
             row{contoso_id, microsoft::tenant_kind::guid, contoso_id},
             row{"11111111-AAAA-4BBB-8CCC-222222222222", microsoft::tenant_kind::guid, contoso_id},
             row{"contoso.onmicrosoft.com", domain, "{tenantid}"},
             row{"contoso.com", domain, "{tenantid}"},
             row{"a-b.c", domain, "{tenantid}"},
         })
    {
        BOOST_TEST((microsoft::to_tenant_kind(text) == expected), text);
        BOOST_TEST(microsoft::issuer_tenant(text) == issuer, text);
    }
    for (std::string_view text : {"", "contoso", "Common", "{tenant}", "<tenant>", "contoso..com", ".contoso.com", "contoso.com.", "-a.com", "a-.com", "a_b.com", "a b.com", "a/b.com",
             "..", ".", "../common", "common/", "https://login.microsoftonline.com/common", "contoso.com?x", "contoso.com#", "caf\xc3\xa9.com", "a%2fb.com", "a.com\r\n"})
        BOOST_TEST((microsoft::to_tenant_kind(text) == invalid), text);
    BOOST_TEST((microsoft::to_tenant_kind(std::string(64, 'a') + ".com") == invalid));
    BOOST_TEST((microsoft::to_tenant_kind(std::string(63, 'a') + ".com") == domain));
    BOOST_TEST((microsoft::to_tenant_kind("a.com" + std::string(300, 'a')) == invalid));
}

BOOST_AUTO_TEST_CASE(clouds)
{
    std::set<cloud> seen;
    for (auto const& row : microsoft::detail::clouds) BOOST_TEST(seen.insert(row.which).second);
    for (auto which : {cloud::public_cloud, cloud::us_government, cloud::us_government_dod, cloud::china, cloud::france, cloud::germany, cloud::singapore, cloud::us_legacy,
             cloud::ppe})
    {
        BOOST_TEST((microsoft::hosts(which).which == which));
        BOOST_TEST(seen.erase(which) == 1u);
        // The alias of L5 is L4: both have one login host.
        auto const* const found = microsoft::find_cloud(microsoft::hosts(which).login);
        BOOST_TEST_REQUIRE(found != nullptr);
        BOOST_TEST((found->login == microsoft::hosts(which).login));
    }
    BOOST_TEST(seen.empty());
    BOOST_TEST(microsoft::graph_url() == "https://graph.microsoft.com/");
    BOOST_TEST(microsoft::graph_url(cloud::us_government) == "https://graph.microsoft.us/");
    BOOST_TEST(microsoft::graph_url(cloud::us_government_dod) == "https://dod-graph.microsoft.us/");
    BOOST_TEST(microsoft::graph_url(cloud::china) == "https://microsoftgraph.chinacloudapi.cn/");
    BOOST_TEST(microsoft::graph_url(cloud::france) == "https://graph.svc.sovcloud.fr/");
    BOOST_TEST(microsoft::graph_url(cloud::germany) == "https://graph.svc.sovcloud.de/");
    for (auto which : {cloud::singapore, cloud::us_legacy, cloud::ppe}) BOOST_TEST(microsoft::graph_url(which) == "");
    for (auto const& [host, which] : {std::pair{"login.windows.net", cloud::public_cloud}, {"login.microsoft.com", cloud::public_cloud}, {"sts.windows.net", cloud::public_cloud},
             {"login.usgovcloudapi.net", cloud::us_government}, {"login.microsoftonline.us", cloud::us_government}, {"login.chinacloudapi.cn", cloud::china},
             {"login-us.microsoftonline.com", cloud::us_legacy}, {"login.windows-ppe.net", cloud::ppe}, {"sts.windows-ppe.net", cloud::ppe}, {"login.microsoft-ppe.com", cloud::ppe}})
        BOOST_TEST((microsoft::find_cloud(host) == &microsoft::hosts(which)), host);
    for (auto host : {"", "login.microsoftonline.com.evil.example", "evil-login.microsoftonline.com", "microsoftonline.com", "graph.microsoft.com", "LOGIN.microsoftonline.com"})
        BOOST_TEST(microsoft::find_cloud(host) == nullptr, host);
}

BOOST_AUTO_TEST_CASE(v2_of_each_cloud_and_tenant)
{
    struct row
    {
        std::string tenant;
        cloud where;
        std::string host, issuer, graph;
    };
    for (auto const& [tenant, where, host, issuer, graph] : {
             row{"common", cloud::public_cloud, "login.microsoftonline.com", "https://login.microsoftonline.com/{tenantid}/v2.0", "https://graph.microsoft.com/"},
             row{"organizations", cloud::public_cloud, "login.microsoftonline.com", "https://login.microsoftonline.com/{tenantid}/v2.0", "https://graph.microsoft.com/"},
             row{"consumers", cloud::public_cloud, "login.microsoftonline.com", "https://login.microsoftonline.com/" + std::string(msa) + "/v2.0", "https://graph.microsoft.com/"},
             row{std::string(contoso_id), cloud::public_cloud, "login.microsoftonline.com", "https://login.microsoftonline.com/" + std::string(contoso_id) + "/v2.0",
                 "https://graph.microsoft.com/"},
             row{"contoso.onmicrosoft.com", cloud::public_cloud, "login.microsoftonline.com", "https://login.microsoftonline.com/{tenantid}/v2.0", "https://graph.microsoft.com/"},
             row{"common", cloud::us_government, "login.microsoftonline.us", "https://login.microsoftonline.us/{tenantid}/v2.0", "https://graph.microsoft.us/"},
             row{"common", cloud::us_government_dod, "login.microsoftonline.us", "https://login.microsoftonline.us/{tenantid}/v2.0", "https://dod-graph.microsoft.us/"},
             row{"contoso.partner.onmschina.cn", cloud::china, "login.partner.microsoftonline.cn", "https://login.partner.microsoftonline.cn/{tenantid}/v2.0",
                 "https://microsoftgraph.chinacloudapi.cn/"},
             row{"common", cloud::france, "login.sovcloud-identity.fr", "https://login.sovcloud-identity.fr/{tenantid}/v2.0", "https://graph.svc.sovcloud.fr/"},
             row{"common", cloud::singapore, "login.sovcloud-identity.sg", "https://login.sovcloud-identity.sg/{tenantid}/v2.0", ""},
             row{"contoso.com", cloud::us_legacy, "login-us.microsoftonline.com", "https://login-us.microsoftonline.com/{tenantid}/v2.0", ""},
             row{"contoso.com", cloud::ppe, "login.windows-ppe.net", "https://login.windows-ppe.net/{tenantid}/v2.0", ""},
         })
    {
        auto const made = microsoft::v2(tenant, where);
        check_layout(made, v2_at("https://" + host + "/" + tenant, graph.empty() ? "" : graph + "oidc/userinfo"), host + " " + tenant);
        BOOST_TEST(made.issuer == issuer);
        BOOST_TEST(made.default_resource == graph);
        BOOST_TEST(!made.asks_by_resource);
        BOOST_TEST(made.repeats_scope);
    }
}

BOOST_AUTO_TEST_CASE(v1_asks_by_resource)
{
    struct row
    {
        std::string tenant;
        cloud where;
        std::string host, issuer;
    };
    for (auto const& [tenant, where, host, issuer] : {
             row{"common", cloud::public_cloud, "login.microsoftonline.com", "https://sts.windows.net/{tenantid}/"},
             row{std::string(contoso_id), cloud::public_cloud, "login.microsoftonline.com", "https://sts.windows.net/" + std::string(contoso_id) + "/"},
             row{"contoso.com", cloud::us_government, "login.microsoftonline.us", "https://sts.windows.net/{tenantid}/"},
             row{"contoso.com", cloud::china, "login.partner.microsoftonline.cn", "https://sts.chinacloudapi.cn/{tenantid}/"},
             row{"contoso.com", cloud::germany, "login.sovcloud-identity.de", ""},
             row{"contoso.com", cloud::us_legacy, "login-us.microsoftonline.com", ""},
             row{"contoso.com", cloud::ppe, "login.windows-ppe.net", "https://sts.windows-ppe.net/{tenantid}/"},
         })
    {
        auto const made = microsoft::v1(tenant, where);
        auto const base = "https://" + host + "/" + tenant;
        check_layout(made, v1_at(base, base + "/openid/userinfo"), base);
        BOOST_TEST(made.issuer == issuer);
        BOOST_TEST(made.asks_by_resource);
        BOOST_TEST(!made.repeats_scope);
        BOOST_TEST(made.default_resource == microsoft::graph_url(where));
    }
    refused([] { microsoft::v1("consumers"); }, "consumers");
    refused([] { microsoft::v1(msa); }, "consumers by its id");
}

// What Microsoft itself publishes of these tenants.
BOOST_AUTO_TEST_CASE(agrees_with_the_published_metadata)
{
    for (auto const& [file, made] : {
             std::pair{"meta_openid_configuration_v2_common.json", microsoft::v2("common")},
             {"meta_openid_configuration_v2_tenant.json", microsoft::v2(contoso_id)},
             {"meta_openid_configuration_v1_common.json", microsoft::v1("common")},
         })
    {
        auto const published = boost::json::parse(read(fixtures() / file)).as_object();
        auto const text = [&](char const* name) { return std::string(published.at(name).as_string()); };
        check_layout(made,
            {text("authorization_endpoint"), text("token_endpoint"), text("device_authorization_endpoint"), text("end_session_endpoint"), text("jwks_uri"),
                text("userinfo_endpoint")},
            file);
        BOOST_TEST(made.issuer == text("issuer"), file);
        BOOST_TEST(made.default_resource == "https://" + text("msgraph_host") + "/", file);
        boost::json::array modes;
        for (auto const& mode : made.response_modes_supported) modes.emplace_back(mode);
        BOOST_TEST((published.at("response_modes_supported") == modes), file);
    }
}

BOOST_AUTO_TEST_CASE(invalid_tenants_are_refused)
{
    for (std::string tenant : {"", "contoso", "Common", "{tenant}", "https://login.microsoftonline.com/common", "common/oauth2", "..", "a b.com", "contoso.com?x=1", "contoso.com#"})
    {
        refused([&] { microsoft::v2(tenant); }, tenant);
        refused([&] { microsoft::v1(tenant); }, tenant);
        refused([&] { microsoft::v2(tenant, cloud::china); }, tenant);
    }
    // Whoever mixes the settings up does not find the secret in a log.
    BOOST_CHECK_EXCEPTION(microsoft::v2("CANARY~secret"), error, [](error const& e) { return describe(e.why()).find("CANARY") == std::string::npos; });
}

BOOST_AUTO_TEST_CASE(b2c_in_both_forms)
{
    std::string const path = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_sign_in";
    layout expected = v2_at(path, "");
    expected.device.clear();
    std::string const base = "https://contoso.b2clogin.com/contoso.onmicrosoft.com";
    layout const by_query{base + "/oauth2/v2.0/authorize?p=B2C_1_sign_in", base + "/oauth2/v2.0/token?p=B2C_1_sign_in", "", base + "/oauth2/v2.0/logout?p=B2C_1_sign_in",
        base + "/discovery/v2.0/keys?p=B2C_1_sign_in", ""};
    for (auto tenant : {"contoso", "contoso.onmicrosoft.com"})
    {
        auto const made = microsoft::b2c(tenant, "B2C_1_sign_in");
        check_layout(made, expected, tenant);
        BOOST_TEST(made.issuer == "https://contoso.b2clogin.com/{tenantid}/v2.0/");
        BOOST_TEST(made.default_resource == "");
        BOOST_TEST(!made.asks_by_resource);
        BOOST_TEST(made.repeats_scope);
        auto const other = microsoft::b2c_query_form(tenant, "B2C_1_sign_in");
        check_layout(other, by_query, tenant);
        BOOST_TEST(other.issuer == made.issuer);
    }
    auto const own = microsoft::b2c(contoso_id, "B2C_1A_custom", "login.contoso.com");
    BOOST_TEST(own.token_endpoint.url() == "https://login.contoso.com/" + std::string(contoso_id) + "/B2C_1A_custom/oauth2/v2.0/token");
    BOOST_TEST(own.issuer == "https://login.contoso.com/" + std::string(contoso_id) + "/v2.0/");
    BOOST_TEST(microsoft::b2c("contoso", "p", "contoso.b2clogin.cn").token_endpoint.url() == "https://contoso.b2clogin.cn/contoso.onmicrosoft.com/p/oauth2/v2.0/token");
    BOOST_TEST(microsoft::b2c("contoso", "p", "http://127.0.0.1:8080").token_endpoint.url() == "http://127.0.0.1:8080/contoso.onmicrosoft.com/p/oauth2/v2.0/token");

    for (auto policy : {"", "a/b", "a.b", "..", "B2C_1_a?x", "B2C 1", "B2C_1_%2f", "p&q"})
    {
        refused([&] { microsoft::b2c("contoso", policy); }, policy);
        refused([&] { microsoft::b2c_query_form("contoso", policy); }, policy);
    }
    for (auto tenant : {"", "a/b", "{tenant}", "contoso.com", "..", "11111111-aaaa-4bbb-8ccc-222222222222"}) refused([&] { microsoft::b2c(tenant, "B2C_1_x"); }, tenant);
    refused([] { microsoft::b2c("contoso", "B2C_1_x", "contoso.b2clogin.com/path"); }, "a path in the host");
    BOOST_CHECK_THROW(microsoft::b2c("contoso", "B2C_1_x", "http://contoso.b2clogin.com"), error);
    BOOST_CHECK_THROW(microsoft::b2c("contoso", "B2C_1_x", "user@contoso.b2clogin.com"), error);
    BOOST_CHECK_THROW(microsoft::b2c("contoso", "B2C_1_x", "a b"), error);
}

BOOST_AUTO_TEST_CASE(external_id_in_its_forms)
{
    struct row
    {
        std::string host, tenant, base, issuer;
    };
    std::string const any = "https://{tenantid}.ciamlogin.com/{tenantid}/v2.0";
    std::string const one = "https://" + std::string(contoso_id) + ".ciamlogin.com/" + std::string(contoso_id) + "/v2.0";
    for (auto const& [host, tenant, base, issuer] : {
             row{"contoso", "", "https://contoso.ciamlogin.com/contoso.onmicrosoft.com", any},
             row{"contoso.ciamlogin.com", "", "https://contoso.ciamlogin.com/contoso.onmicrosoft.com", any},
             row{"contoso", std::string(contoso_id), "https://contoso.ciamlogin.com/" + std::string(contoso_id), one},
             row{std::string(contoso_id), "", "https://" + std::string(contoso_id) + ".ciamlogin.com/" + std::string(contoso_id), one},
             row{"login.contoso.com", "contoso.onmicrosoft.com", "https://login.contoso.com/contoso.onmicrosoft.com", any},
             row{"login.contoso.com", std::string(contoso_id), "https://login.contoso.com/" + std::string(contoso_id), one},
         })
    {
        auto const made = microsoft::external_id(host, tenant);
        check_layout(made, v2_at(base, "https://graph.microsoft.com/oidc/userinfo"), host);
        BOOST_TEST(made.issuer == issuer, host);
        BOOST_TEST(made.default_resource == "https://graph.microsoft.com/", host);
    }
    refused([] { microsoft::external_id("login.contoso.com"); }, "a host of one's own needs the tenant");
    refused([] { microsoft::external_id("contoso", "common"); }, "common is none");
    refused([] { microsoft::external_id("contoso", "a/b"); }, "a path");
    refused([] { microsoft::external_id("contoso.ciamlogin.com/x"); }, "a path in the host");
    BOOST_CHECK_THROW(microsoft::external_id(""), error);
    BOOST_CHECK_THROW(microsoft::external_id("http://contoso.ciamlogin.com"), error);
}

BOOST_AUTO_TEST_CASE(adfs_in_its_forms)
{
    for (auto host : {"https://fs.contoso.example", "https://fs.contoso.example/", "https://fs.contoso.example/adfs", "https://fs.contoso.example/adfs/", "fs.contoso.example"})
    {
        auto const made = microsoft::adfs(host);
        std::string const base = "https://fs.contoso.example/adfs";
        check_layout(made, v1_at(base, base + "/userinfo"), host);
        BOOST_TEST(made.issuer == base, host);
        BOOST_TEST(made.asks_by_resource, host);
        BOOST_TEST(made.default_resource == "", host);
    }
    BOOST_TEST(microsoft::adfs("https://fs.contoso.example:8443").token_endpoint.url() == "https://fs.contoso.example:8443/adfs/oauth2/token");
    refused([] { microsoft::adfs("https://fs.contoso.example/other"); }, "another path");
    refused([] { microsoft::adfs("https://fs.contoso.example/adfs?x=1"); }, "a query");
    BOOST_CHECK_THROW(microsoft::adfs("http://fs.contoso.example"), error);
    BOOST_CHECK_THROW(microsoft::adfs(""), error);
}

struct url_row
{
    std::string_view url, tenant;
    microsoft::version generation;
    std::string_view token, issuer;
    bool by_resource = false;
};

BOOST_AUTO_TEST_CASE(authority_understands_a_url)
{
    using enum microsoft::version;
    std::string_view const ms = "https://login.microsoftonline.com/";
    std::string_view const any = "https://login.microsoftonline.com/{tenantid}/v2.0";
    std::string_view const token2 = "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token";
    std::string_view const token1 = "https://login.microsoftonline.com/contoso.com/oauth2/token";
    std::string_view const any1 = "https://sts.windows.net/{tenantid}/";
    std::string_view const b2c = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_si/oauth2/v2.0/token";
    std::string_view const b2cq = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/oauth2/v2.0/token?p=B2C_1_si";
    std::string_view const b2ci = "https://contoso.b2clogin.com/{tenantid}/v2.0/";
    std::string_view const ciam = "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/oauth2/v2.0/token";
    std::string_view const ciami = "https://{tenantid}.ciamlogin.com/{tenantid}/v2.0";
    for (auto const& [url, tenant, generation, token, issuer, by_resource] : {
             // Entra ID, the tenant in the URL or beside it
             url_row{"https://login.microsoftonline.com/contoso.com", "", v2, token2, any},
             url_row{"https://login.microsoftonline.com/contoso.com/", "", v2, token2, any},
             url_row{"https://LOGIN.microsoftonline.com:443/contoso.com", "", v2, token2, any},
             url_row{ms, "contoso.com", v2, token2, any},
             url_row{"https://login.microsoftonline.com", "contoso.com", v2, token2, any},
             url_row{"https://login.microsoftonline.com/contoso.com", "fabrikam.com", v2, token2, any},
             url_row{"https://login.microsoftonline.com/contoso.com/v2.0", "", v2, token2, any},
             url_row{"https://login.microsoftonline.com/v2.0", "contoso.com", v2, token2, any},
             url_row{"https://login.microsoftonline.com/contoso.com/v2.0/", "", v1, token2, any},
             url_row{"https://login.microsoftonline.com/contoso.com/oauth2/v2.0", "", v2, token2, any},
             url_row{"https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize", "", v2, token2, any},
             url_row{"https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token", "", v1, token2, any},
             url_row{"https://login.microsoftonline.com/contoso.com/discovery/v2.0/keys", "", v1, token2, any},
             url_row{"https://login.microsoftonline.com/contoso.com/v2.0/.well-known/openid-configuration", "", v1, token2, any},
             url_row{"https://login.microsoftonline.com/contoso.com", "", v1, token1, any1, true},
             url_row{"https://login.microsoftonline.com/contoso.com/oauth2", "", v2, token1, any1, true},
             url_row{"https://login.microsoftonline.com/contoso.com/oauth2/token", "", v2, token1, any1, true},
             url_row{"https://login.microsoftonline.com/contoso.com/oauth2/devicecode", "", v2, token1, any1, true},
             url_row{"https://login.microsoftonline.com/contoso.com/discovery/keys", "", v2, token1, any1, true},
             url_row{"https://login.microsoftonline.com/contoso.com/.well-known/openid-configuration", "", v2, token1, any1, true},
             url_row{"https://login.microsoftonline.com/consumers", "", v2, "https://login.microsoftonline.com/consumers/oauth2/v2.0/token",
                 "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"},
             // other names of it, and other clouds
             url_row{"https://login.windows.net/contoso.com", "", v2, token2, any},
             url_row{"https://sts.windows.net/contoso.com/", "", v1, token1, any1, true},
             url_row{"https://login.microsoft.com/contoso.com", "", v2, token2, any},
             url_row{"https://westus2.login.microsoft.com/contoso.com", "", v2, "https://westus2.login.microsoft.com/contoso.com/oauth2/v2.0/token", any},
             url_row{"https://login.microsoftonline.us/", "contoso.us", v2, "https://login.microsoftonline.us/contoso.us/oauth2/v2.0/token",
                 "https://login.microsoftonline.us/{tenantid}/v2.0"},
             url_row{"https://login.chinacloudapi.cn/common", "", v2, "https://login.partner.microsoftonline.cn/common/oauth2/v2.0/token",
                 "https://login.partner.microsoftonline.cn/{tenantid}/v2.0"},
             url_row{"https://login.sovcloud-identity.fr/common", "", v2, "https://login.sovcloud-identity.fr/common/oauth2/v2.0/token",
                 "https://login.sovcloud-identity.fr/{tenantid}/v2.0"},
             url_row{"https://login-us.microsoftonline.com/contoso.com", "", v2, "https://login-us.microsoftonline.com/contoso.com/oauth2/v2.0/token",
                 "https://login-us.microsoftonline.com/{tenantid}/v2.0"},
             url_row{"https://login.windows-ppe.net/contoso.com", "", v2, "https://login.windows-ppe.net/contoso.com/oauth2/v2.0/token",
                 "https://login.windows-ppe.net/{tenantid}/v2.0"},
             url_row{"https://sts.windows-ppe.net/contoso.com", "", v1, "https://login.windows-ppe.net/contoso.com/oauth2/token", "https://sts.windows-ppe.net/{tenantid}/", true},
             url_row{"https://login.microsoft-ppe.com/", "contoso.com", v2, "https://login.windows-ppe.net/contoso.com/oauth2/v2.0/token",
                 "https://login.windows-ppe.net/{tenantid}/v2.0"},
             // B2C
             url_row{"https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_si", "", v2, b2c, b2ci},
             url_row{"https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_si/", "ignored.com", v1, b2c, b2ci},
             url_row{"https://contoso.b2clogin.com/tfp/contoso.onmicrosoft.com/B2C_1_si", "", v2, b2c, b2ci},
             url_row{"https://contoso.b2clogin.com/tfp/contoso.onmicrosoft.com/B2C_1_si/v2.0/", "", v2, b2c, b2ci},
             url_row{"https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_si/oauth2/v2.0/authorize", "", v2, b2c, b2ci},
             url_row{"https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_si/v2.0/.well-known/openid-configuration", "", v2, b2c, b2ci},
             url_row{"https://contoso.b2clogin.com/contoso.onmicrosoft.com?p=B2C_1_si", "", v2, b2cq, b2ci},
             url_row{"https://contoso.b2clogin.com/contoso.onmicrosoft.com/oauth2/v2.0/token?p=B2C_1_si", "", v2, b2cq, b2ci},
             url_row{"https://contoso.b2clogin.com/?p=B2C_1_si", "contoso.onmicrosoft.com", v2, b2cq, b2ci},
             url_row{"https://contoso.b2clogin.cn/contoso.onmicrosoft.com/signin", "", v2, "https://contoso.b2clogin.cn/contoso.onmicrosoft.com/signin/oauth2/v2.0/token",
                 "https://contoso.b2clogin.cn/{tenantid}/v2.0/"},
             url_row{"https://login.contoso.com/contoso.onmicrosoft.com/b2c_1a_si", "", v2, "https://login.contoso.com/contoso.onmicrosoft.com/b2c_1a_si/oauth2/v2.0/token",
                 "https://login.contoso.com/{tenantid}/v2.0/"},
             url_row{"https://login.contoso.com/tfp/contoso.onmicrosoft.com/signin", "", v2, "https://login.contoso.com/contoso.onmicrosoft.com/signin/oauth2/v2.0/token",
                 "https://login.contoso.com/{tenantid}/v2.0/"},
             // External ID
             url_row{"https://contoso.ciamlogin.com", "", v2, ciam, ciami},
             url_row{"https://contoso.ciamlogin.com/", "", v1, ciam, ciami},
             url_row{"https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration", "", v2, ciam, ciami},
             url_row{"https://contoso.ciamlogin.com/", "11111111-aaaa-4bbb-8ccc-222222222222", v2,
                 "https://contoso.ciamlogin.com/11111111-aaaa-4bbb-8ccc-222222222222/oauth2/v2.0/token",
                 "https://11111111-aaaa-4bbb-8ccc-222222222222.ciamlogin.com/11111111-aaaa-4bbb-8ccc-222222222222/v2.0"},
             // AD FS
             url_row{"https://fs.contoso.example/adfs", "", v2, "https://fs.contoso.example/adfs/oauth2/token", "https://fs.contoso.example/adfs", true},
             url_row{"https://fs.contoso.example/ADFS/", "contoso", v2, "https://fs.contoso.example/adfs/oauth2/token", "https://fs.contoso.example/adfs", true},
             url_row{"https://fs.contoso.example/adfs/oauth2/authorize", "", v2, "https://fs.contoso.example/adfs/oauth2/token", "https://fs.contoso.example/adfs", true},
             url_row{"https://fs.contoso.example/adfs/.well-known/openid-configuration", "", v2, "https://fs.contoso.example/adfs/oauth2/token", "https://fs.contoso.example/adfs",
                 true},
             // any other host
             url_row{"http://127.0.0.1:8080", "contoso", v2, "http://127.0.0.1:8080/contoso/oauth2/v2.0/token", "http://127.0.0.1:8080/contoso/v2.0"},
             url_row{"http://127.0.0.1:8080/contoso/v2.0", "", v2, "http://127.0.0.1:8080/contoso/oauth2/v2.0/token", "http://127.0.0.1:8080/contoso/v2.0"},
             url_row{"http://localhost:1/contoso/", "fabrikam", v2, "http://localhost:1/contoso/oauth2/v2.0/token", "http://localhost:1/contoso/v2.0"},
             url_row{"http://[::1]:8080/contoso", "", v1, "http://[::1]:8080/contoso/oauth2/token", "http://[::1]:8080/contoso/", true},
             url_row{"http://127.0.0.1:8080/common", "", v2, "http://127.0.0.1:8080/common/oauth2/v2.0/token", "http://127.0.0.1:8080/{tenantid}/v2.0"},
             url_row{"http://127.0.0.1:8080", "", v2, "http://127.0.0.1:8080/oauth2/v2.0/token", "http://127.0.0.1:8080/v2.0"},
             url_row{"https://gateway.example:8443/entra/contoso.com", "", v2, "https://gateway.example:8443/entra/contoso.com/oauth2/v2.0/token",
                 "https://gateway.example:8443/entra/contoso.com/v2.0"},
             url_row{"https://gateway.example/entra/organizations/oauth2/v2.0/token", "", v2, "https://gateway.example/entra/organizations/oauth2/v2.0/token",
                 "https://gateway.example/entra/{tenantid}/v2.0"},
             url_row{"https://login.microsoftonline.com.evil.example/common", "", v2, "https://login.microsoftonline.com.evil.example/common/oauth2/v2.0/token",
                 "https://login.microsoftonline.com.evil.example/{tenantid}/v2.0"},
             url_row{"https://login.microsoftonline.com:8443/common", "", v2, "https://login.microsoftonline.com:8443/common/oauth2/v2.0/token",
                 "https://login.microsoftonline.com:8443/{tenantid}/v2.0"},
         })
    {
        auto const made = microsoft::authority(url, tenant, generation);
        BOOST_TEST_REQUIRE(made.has_value(), url << ": " << (made ? std::string() : describe(made.error())));
        BOOST_TEST(made->token_endpoint.url() == token, url);
        BOOST_TEST(made->issuer == issuer, url);
        BOOST_TEST(made->asks_by_resource == by_resource, url);
        BOOST_TEST(made->repeats_scope == !by_resource, url);
        BOOST_TEST(made->advice_rules.size() == microsoft::advice_rules.size(), url);
        BOOST_TEST(made->response_modes_supported.size() == 3u, url);
    }
}

// A gateway or an emulator may name its tenant as it is asked for, or by the GUID behind it.
BOOST_AUTO_TEST_CASE(a_domain_at_another_host_may_be_called_by_its_guid)
{
    BOOST_TEST(microsoft::authority("http://localhost:8080/contoso.com")->issuer_alias == "http://localhost:8080/{tenantid}/v2.0");
    BOOST_TEST(microsoft::authority("https://gateway.example/entra", "contoso.com", microsoft::version::v1)->issuer_alias == "");
    BOOST_TEST(microsoft::authority("https://gateway.example/entra/contoso.com", "", microsoft::version::v1)->issuer_alias == "https://gateway.example/entra/{tenantid}/");
    for (std::string const& tenant : std::initializer_list<std::string>{"common", std::string(contoso_id), "0f"}) BOOST_TEST(microsoft::authority("http://localhost:8080/" + tenant)->issuer_alias == "", tenant);
}

// External ID under a domain of one's own has its issuer at Microsoft's host: who means it says so, and no URL at another host has that issuer.
BOOST_AUTO_TEST_CASE(a_guid_at_another_host_is_not_external_id)
{
    std::string const id(contoso_id);
    BOOST_TEST(microsoft::external_id("login.contoso.com", contoso_id).issuer == "https://" + id + ".ciamlogin.com/" + id + "/v2.0");
    for (std::string const& url : {"https://login.contoso.com/" + id, "https://login.contoso.com/" + id + "/v2.0/.well-known/openid-configuration"})
    {
        auto const made = microsoft::authority(url).value();
        BOOST_TEST(made.issuer == "https://login.contoso.com/" + id + "/v2.0");
        BOOST_TEST(made.issuer_alias == "", url);
    }
    BOOST_TEST(microsoft::authority("https://login.contoso.com", contoso_id)->issuer_alias == "");
    for (std::string const& url : {"http://localhost:8080/" + id, "https://gateway.example/entra/" + id, "https://login.contoso.com/" + id + "/oauth2/token", "https://login.microsoftonline.com/" + id,
                                   "https://contoso.ciamlogin.com/" + id, "https://login.contoso.com/" + id + "/B2C_1_si", std::string("https://fs.contoso.com/adfs")})
        BOOST_TEST(microsoft::authority(url).value().issuer_alias == "", url);
}

// Of a tenant of the public cloud, the whole is what v2() makes.
BOOST_AUTO_TEST_CASE(authority_makes_what_the_functions_make)
{
    auto const same = [](server_metadata const& a, server_metadata const& b) {
        check_layout(a, of(b), b.token_endpoint.url());
        BOOST_TEST(a.issuer == b.issuer);
        BOOST_TEST(a.default_resource == b.default_resource);
        BOOST_TEST(a.asks_by_resource == b.asks_by_resource);
    };
    same(microsoft::authority("https://login.microsoftonline.com/contoso.com").value(), microsoft::v2("contoso.com"));
    same(microsoft::authority("https://login.microsoftonline.us/contoso.com", "", microsoft::version::v1).value(), microsoft::v1("contoso.com", cloud::us_government));
    same(microsoft::authority("https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_x").value(), microsoft::b2c("contoso", "B2C_1_x"));
    same(microsoft::authority("https://contoso.b2clogin.com/contoso.onmicrosoft.com/?p=B2C_1_x").value(), microsoft::b2c_query_form("contoso", "B2C_1_x"));
    same(microsoft::authority("https://contoso.ciamlogin.com").value(), microsoft::external_id("contoso"));
    same(microsoft::authority("https://fs.contoso.example/adfs").value(), microsoft::adfs("fs.contoso.example"));
}

BOOST_AUTO_TEST_CASE(authority_refuses_with_a_hint)
{
    struct row
    {
        std::string_view url, tenant;
        errc why = errc::invalid_authority;
    };
    for (auto const& [url, tenant, why] : {
             row{"", ""},
             row{"common", ""},
             row{"login.microsoftonline.com", "common"},
             row{"contoso.onmicrosoft.com", ""},
             row{"https://login.microsoftonline.com", ""},
             row{"https://login.microsoftonline.com/", "contoso"},
             row{"https://login.microsoftonline.com/contoso", ""},
             row{"https://login.microsoftonline.com/contoso.com/extra", ""},
             row{"https://login.microsoftonline.com//contoso.com", ""},
             row{"https://login.microsoftonline.com/contoso.com//", ""},
             row{"https://login.microsoftonline.com/contoso%2ecom", ""},
             row{"https://login.microsoftonline.com/..", ""},
             row{"https://login.microsoftonline.com/contoso.com?x=1", ""},
             row{"https://login.microsoftonline.com/contoso.com?p=a&p=b", ""},
             row{"https://login.microsoftonline.com/contoso.com?p=%zz", "", errc::invalid_url},
             row{"https://login.microsoftonline.de/contoso.com", ""},
             row{"https://graph.microsoft.com/v1.0", ""},
             row{"https://dod-graph.microsoft.us/", "contoso.com"},
             row{"https://contoso.b2clogin.com", ""},
             row{"https://contoso.b2clogin.com/contoso.onmicrosoft.com", ""},
             row{"https://contoso.b2clogin.com/contoso.onmicrosoft.com/a/b", ""},
             row{"https://contoso.b2clogin.com/contoso/B2C_1_si", ""},
             row{"https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_si?p=B2C_1_si", ""},
             row{"https://contoso.b2clogin.com/?p=B2C_1_si", ""},
             row{"https://login.contoso.com/tfp/contoso.onmicrosoft.com", ""},
             row{"https://login.contoso.com/tfp", ""},
             row{"https://contoso.ciamlogin.com/a/b", ""},
             row{"https://contoso.ciamlogin.com/common", ""},
             row{"https://fs.contoso.example/adfs/ls", ""},
             row{"http://127.0.0.1:8080/", "a/b"},
             row{"http://127.0.0.1:8080/a//b", ""},
             row{"http://127.0.0.1:8080/", "{tenant}"},
             row{"https://login.microsoftonline.com/{tenant}", "", errc::invalid_url},
             row{"http://login.microsoftonline.com/common", "", errc::insecure_url},
             row{"ftp://login.microsoftonline.com/common", "", errc::invalid_url},
             row{"https://login.microsoftonline.com/common#", "", errc::url_has_fragment},
             row{"https://user@login.microsoftonline.com/common", "", errc::url_has_userinfo},
         })
    {
        auto const made = microsoft::authority(url, tenant);
        BOOST_TEST_REQUIRE(made.has_error(), url);
        BOOST_TEST((made.error().code == why), url << ": " << made.error().code.message());
        BOOST_TEST((made.error().next == advice::fix_configuration), url);
        if (why == errc::invalid_authority) BOOST_TEST(!made.error().hint.empty(), url);
    }
    BOOST_TEST(microsoft::authority("https://login.microsoftonline.com/common", "", microsoft::version::v1).has_value());
    BOOST_TEST(microsoft::authority("https://login.microsoftonline.com/consumers", "", microsoft::version::v1).has_error());
}

// One row of the table never hides behind another, and each has something to say.
BOOST_AUTO_TEST_CASE(rules_are_whole_and_reachable)
{
    std::set<std::tuple<std::string_view, std::uint32_t, std::string_view>> seen;
    for (auto const& rule : microsoft::advice_rules)
    {
        BOOST_TEST(!rule.hint.empty(), rule.number);
        BOOST_TEST(rule.hint.size() < 320u, rule.hint);
        BOOST_TEST(std::all_of(rule.hint.begin(), rule.hint.end(), [](char c) { return c >= 0x20 && c < 0x7f; }), rule.hint);
        BOOST_TEST((rule.number == 0) == rule.vendor.empty(), rule.number);
        BOOST_TEST((rule.number == 0) == !rule.suberror.empty(), rule.number);
        BOOST_TEST(seen.insert({rule.vendor, rule.number, rule.suberror}).second, rule.vendor << rule.number << rule.suberror << " twice");
        // retry_after is for a server that says how long.
        BOOST_TEST((rule.next != advice::retry_after));
    }
}

// README.md's table of what goes wrong at the registration: each row is a number that a rule knows.
BOOST_AUTO_TEST_CASE(the_readme_s_table_holds_rules_only)
{
    auto const text = read(std::filesystem::path(OAUTH_TEST_FIXTURES).parent_path().parent_path() / "README.md");
    auto at = text.find("| you see | it means |");
    BOOST_TEST_REQUIRE(at != text.npos);
    at = text.find('\n', text.find('\n', at) + 1) + 1;   // behind the line under the heading
    int rows = 0;
    for (; text[at] == '|'; at = text.find('\n', at) + 1, ++rows)
    {
        auto const cell = text.substr(at, text.find('|', at + 1) - at);
        BOOST_TEST(cell.find("AADSTS") != cell.npos, cell << ": no number");
        for (auto number = cell.find("AADSTS"); number != cell.npos; number = cell.find("AADSTS", number + 1))
            BOOST_TEST(std::any_of(microsoft::advice_rules.begin(), microsoft::advice_rules.end(), [&](advice_rule const& rule) {
                return rule.vendor == "AADSTS" && rule.number == std::stoul(cell.substr(number + 6));
            }), cell);
    }
    BOOST_TEST(rows >= 10);
}

failure reported(std::string_view description, std::vector<std::uint32_t> codes, std::string_view error = "invalid_grant", std::string_view suberror = {})
{
    failure why(server_errc::invalid_grant, advice::give_up, "untouched");
    why.server.error = error;
    why.server.error_description = description;
    why.server.error_codes = std::move(codes);
    why.server.suberror = suberror;
    advise(microsoft::advice_rules, why);
    return why;
}

// Where more is wanted of the user, the refresh token is still good.
BOOST_AUTO_TEST_CASE(which_refusals_leave_the_session_alive)
{
    auto const lives = [](std::uint32_t number) {
        failure why(server_errc::invalid_grant, advice::give_up);
        why.server.error = "invalid_grant";
        why.server.error_description = "AADSTS" + std::to_string(number) + ": text";
        why.server.error_codes = {number};
        auto const* const rule = find_rule(microsoft::advice_rules, why);
        BOOST_TEST_REQUIRE(rule != nullptr);
        return rule->session_lives;
    };
    for (auto const number : {50072u, 50074u, 50076u, 50078u, 50079u, 50158u, 50196u, 53004u, 700020u}) BOOST_TEST(lives(number), number);
    for (auto const number : {50173u, 700082u, 700084u, 70043u, 70008u, 70000u, 50132u, 50133u}) BOOST_TEST(!lives(number), number);
}

BOOST_AUTO_TEST_CASE(what_the_numbers_mean)
{
    using enum advice;
    struct row
    {
        std::string_view vendor;
        std::uint32_t number;
        advice next;
        std::string_view says;   // a word that the hint must have
    };
    for (auto const& [vendor, number, next, says] : {
             row{"AADSTS", 50011, fix_configuration, "Mobile and desktop applications"}, row{"AADSTS", 500113, fix_configuration, "Web"},
             row{"AADSTS", 50058, sign_in_again, "prompt=none"}, row{"AADSTS", 50076, sign_in_again, "multi-factor"}, row{"AADSTS", 50079, sign_in_again, "multi-factor"},
             row{"AADSTS", 50105, fix_configuration, "Users and groups"}, row{"AADSTS", 50173, sign_in_again, "password"}, row{"AADSTS", 50194, fix_configuration, "one tenant"},
             row{"AADSTS", 50196, sign_in_again, "too often"}, row{"AADSTS", 53000, give_up, "device"}, row{"AADSTS", 53001, give_up, "device"},
             row{"AADSTS", 53002, give_up, "approved"}, row{"AADSTS", 53003, give_up, "Conditional Access"}, row{"AADSTS", 54005, sign_in_again, "one use"},
             row{"AADSTS", 65001, consent, "consent"}, row{"AADSTS", 65004, consent, "declined"}, row{"AADSTS", 70000, sign_in_again, "not valid"},
             row{"AADSTS", 70008, sign_in_again, "expired"}, row{"AADSTS", 70011, fix_configuration, "scope"}, row{"AADSTS", 70043, sign_in_again, "sign-in frequency"},
             row{"AADSTS", 700005, fix_configuration, "another tenant"}, row{"AADSTS", 700016, fix_configuration, "client.id"},
             row{"AADSTS", 700025, fix_configuration, "client.secret empty"}, row{"AADSTS", 7000215, fix_configuration, "Value, not its Secret ID"},
             row{"AADSTS", 7000218, fix_configuration, "Allow public client flows"}, row{"AADSTS", 7000222, fix_configuration, "has expired"},
             row{"AADSTS", 700082, sign_in_again, "90 days"}, row{"AADSTS", 700084, sign_in_again, "24 hours"}, row{"AADSTS", 900144, fix_configuration, "parameter"},
             row{"AADSTS", 90014, fix_configuration, "parameter"}, row{"AADSTS", 90023, fix_configuration, "parameter"}, row{"AADSTS", 9002313, fix_configuration, "parameter"},
             row{"AADSTS", 9002325, fix_configuration, "Single-page application"}, row{"AADSTS", 9002326, fix_configuration, "Origin"},
             row{"AADSTS", 9002327, fix_configuration, "Mobile and desktop applications"}, row{"AADSTS", 501481, sign_in_again, "code_verifier"},
             row{"AADSTS", 500011, fix_configuration, "resource"}, row{"AADSTS", 90033, retry, "wait"}, row{"AADSTS", 90094, consent, "administrator"},
             row{"AADSTS", 901002, fix_configuration, ".default"}, row{"AADSTS", 90038, fix_configuration, "clouds"}, row{"AADSTS", 90002, fix_configuration, "tenant"},
             row{"AADB2C", 90118, sign_in_again, "password reset policy"}, row{"AADB2C", 90091, sign_in_again, "cancelled"}, row{"AADB2C", 90080, sign_in_again, "expired"},
             row{"AADB2C", 90079, fix_configuration, "client.secret"}, row{"AADB2C", 90084, fix_configuration, "client.secret empty"},
             row{"AADB2C", 90088, fix_configuration, "policy"}, row{"MSIS", 9611, fix_configuration, "Client Permissions"}, row{"MSIS", 9615, sign_in_again, "expired"},
             row{"MSIS", 9602, fix_configuration, "client.resource"}, row{"MSIS", 9605, fix_configuration, "Grant-AdfsApplicationPermission"},
         })
    {
        auto const why = reported(std::string(vendor) + std::to_string(number) + ": text", {number});
        BOOST_TEST((why.next == next), vendor << number << ": " << to_string(why.next));
        BOOST_TEST(why.hint.find(says) != std::string::npos, vendor << number << ": " << why.hint);
    }
}

BOOST_AUTO_TEST_CASE(vendors_do_not_mix)
{
    using enum advice;
    // AADSTS90091 is a passing trouble of the directory, AADB2C90091 the user's cancel.
    BOOST_TEST((reported("AADSTS90091: x", {90091}).next == retry));
    BOOST_TEST((reported("AADB2C90091: x", {90091}).next == sign_in_again));
    BOOST_TEST((reported("AADB2C90023: x", {90023}).next == give_up));
    BOOST_TEST((reported("AADB2C90023: x", {90023}).hint == "untouched"));
    BOOST_TEST((reported("no code at all", {90033}).hint == "untouched"));
    BOOST_TEST((reported("AADSTS999999999: x", {999999999}).hint == "untouched"));
    BOOST_TEST((reported("", {}, "invalid_request").hint == "untouched"));
}

BOOST_AUTO_TEST_CASE(suberrors_before_and_behind_the_numbers)
{
    using enum advice;
    struct row
    {
        std::uint32_t number;
        std::string_view suberror;
        advice next;
        std::string_view says;
    };
    for (auto const& [number, suberror, next, says] : {
             // These win, whatever the number
             row{50076, "protection_policy_required", give_up, "protection policy"},
             row{70008, "device_authentication_failed", give_up, "device"},
             row{700082, "client_mismatch", fix_configuration, "another application"},
             row{9002313, "bad_token", sign_in_again, "refresh token"},
             row{70000, "token_expired", sign_in_again, "refresh token has expired"},
             // The number says more
             row{50173, "bad_token", sign_in_again, "password was changed"},
             row{700082, "token_expired", sign_in_again, "90 days"},
             row{53003, "message_only", give_up, "Conditional Access policy"},
             row{90094, "consent_required", consent, "administrator must grant"},
             row{50076, "basic_action", sign_in_again, "multi-factor"},
             // The number is not known
             row{123456, "basic_action", sign_in_again, "claims"},
             row{123456, "additional_action", sign_in_again, "sign-in page"},
             row{123456, "message_only", give_up, "message"},
             row{123456, "consent_required", consent, "consent"},
             row{123456, "user_password_expired", sign_in_again, "password has expired"},
             row{123456, "bad_token", sign_in_again, "refresh token"},
             row{123456, "something_new", give_up, "untouched"},
         })
    {
        auto const why = reported("AADSTS" + std::to_string(number) + ": text", {number}, "invalid_grant", suberror);
        BOOST_TEST((why.next == next), number << ' ' << suberror << ": " << to_string(why.next));
        BOOST_TEST(why.hint.find(says) != std::string::npos, number << ' ' << suberror << ": " << why.hint);
    }
    // Version 1 sends a general code before the telling one.
    BOOST_TEST((reported("AADSTS70002: Error validating credentials. AADSTS70008: expired", {70002, 70008}).next == sign_in_again));
    BOOST_TEST((reported("AADSTS70002: Error validating credentials. AADSTS50012: secret", {70002, 50012}).next == fix_configuration));
}

// Every recorded refusal that holds a code of Microsoft's own gets the right advice. Decoded by hand here: the advice is under test, not the decoder.
BOOST_AUTO_TEST_CASE(advice_for_each_recorded_error)
{
    using enum advice;
    struct row
    {
        std::string_view file;
        advice next;
    };
    constexpr std::array expected{
        row{"err_b2c_invalid_grant_90080.json", sign_in_again},
        row{"err_device_authorization_declined.json", sign_in_again},
        row{"err_device_authorization_pending.json", retry},
        row{"err_device_bad_verification_code.json", sign_in_again},
        row{"err_device_expired_token.json", sign_in_again},
        row{"err_device_slow_down.json", give_up},   // no code of Microsoft's own: stays as it was
        row{"err_interaction_required_50076_basic_action.json", sign_in_again},
        row{"err_interaction_required_50079_claims.json", sign_in_again},
        row{"err_invalid_client_7000215_bad_secret.json", fix_configuration},
        row{"err_invalid_client_7000218_missing_credential.json", fix_configuration},
        row{"err_invalid_client_7000222_expired_secret.json", fix_configuration},
        row{"err_invalid_client_700025_public_with_secret.json", fix_configuration},
        row{"err_invalid_grant_501481_pkce.json", sign_in_again},
        row{"err_invalid_grant_50173_revoked.json", sign_in_again},
        row{"err_invalid_grant_54005_code_reused.json", sign_in_again},
        row{"err_invalid_grant_65001_consent_required.json", consent},
        row{"err_invalid_grant_700082_inactive.json", sign_in_again},
        row{"err_invalid_grant_700084_spa_24h.json", sign_in_again},
        row{"err_invalid_grant_70008_v1_two_codes.json", sign_in_again},
        row{"err_invalid_grant_bad_token.json", sign_in_again},
        row{"err_invalid_instance_discovery.json", fix_configuration},
        row{"err_invalid_request_900144.json", fix_configuration},
        row{"err_invalid_request_9002326_cross_origin.json", fix_configuration},
        row{"err_invalid_request_9002327_spa_no_origin.json", fix_configuration},
        row{"err_invalid_resource_500011.json", fix_configuration},
        row{"err_invalid_scope_70011.json", fix_configuration},
        row{"err_temporarily_unavailable_90033.json", retry},
        row{"err_unauthorized_client_700016.json", fix_configuration},
    };
    std::set<std::string> left;
    for (auto const& entry : std::filesystem::directory_iterator(fixtures()))
        if (auto const name = entry.path().filename().string(); name.starts_with("err_") && name.ends_with(".json")) left.insert(name);
    BOOST_TEST(left.size() == expected.size());

    for (auto const& [file, next] : expected)
    {
        left.erase(std::string(file));
        auto const body = boost::json::parse(read(fixtures() / file)).as_object();
        auto const text = [&](char const* name) { return body.contains(name) ? std::string(body.at(name).as_string()) : std::string(); };
        std::vector<std::uint32_t> codes;
        if (auto const* const list = body.if_contains("error_codes"))
            for (auto const& code : list->as_array()) codes.push_back(code.to_number<std::uint32_t>());
        else if (auto const description = text("error_description"); description.starts_with("AADB2C"))
            codes.push_back(static_cast<std::uint32_t>(std::stoul(description.substr(6))));
        auto const why = reported(text("error_description"), codes, text("error"), text("suberror"));
        BOOST_TEST((why.next == next), file << ": " << to_string(why.next));
        BOOST_TEST((why.hint == "untouched") == (file == "err_device_slow_down.json"), file);
    }
    for (auto const& file : left) BOOST_TEST(false, file << " has no row above");
}

BOOST_AUTO_TEST_SUITE_END()
