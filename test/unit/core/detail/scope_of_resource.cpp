#include <oauth/core/detail/scope_of_resource.hpp>
#include <boost/test/unit_test.hpp>
#include <string_view>
#include <utility>

BOOST_AUTO_TEST_SUITE(core_detail_scope_of_resource)

BOOST_AUTO_TEST_CASE(the_resource_of_a_token)
{
    std::string_view const graph = "https://graph.microsoft.com/";
    for (auto const& [token, resource] : {
             std::pair<std::string_view, std::string_view>{"User.Read", "https://graph.microsoft.com"},
             {"https://graph.microsoft.com/User.Read", "https://graph.microsoft.com"},
             {"https://management.azure.com/user_impersonation", "https://management.azure.com"},
             {"https://management.azure.com//.default", "https://management.azure.com"},
             {"api://11111111-aaaa-4bbb-8ccc-222222222222/read", "api://11111111-aaaa-4bbb-8ccc-222222222222"},
             {"11111111-aaaa-4bbb-8ccc-222222222222/.default", "11111111-aaaa-4bbb-8ccc-222222222222"},
             {"/", ""},
             {"", "https://graph.microsoft.com"},
         })
        BOOST_TEST(oauth::detail::resource_of(token, graph) == resource, token);
    BOOST_TEST(oauth::detail::resource_of("User.Read", "") == "");
}

BOOST_AUTO_TEST_CASE(the_scopes_of_the_first_resource)
{
    struct row
    {
        std::string_view asked, named;
    };
    for (auto const& [asked, named] : {
             row{"", ""},
             row{"openid offline_access", "openid offline_access"},
             row{"openid User.Read https://graph.microsoft.com/Mail.Send", "openid User.Read https://graph.microsoft.com/Mail.Send"},
             row{"openid User.Read https://management.azure.com/user_impersonation HTTPS://GRAPH.microsoft.com/Mail.Send offline_access",
                 "openid User.Read HTTPS://GRAPH.microsoft.com/Mail.Send offline_access"},
             row{"https://management.azure.com//.default openid User.Read", "https://management.azure.com//.default openid"},
         })
        BOOST_TEST(oauth::detail::scope_of_first_resource(asked, "https://graph.microsoft.com/").str() == named, asked);
}

BOOST_AUTO_TEST_SUITE_END()
