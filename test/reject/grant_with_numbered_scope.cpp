// expect: grant: `scope` must convert to oauth::scope
#include <oauth/request/asked_token.hpp>
#include <string_view>

struct my_grant
{
    static constexpr std::string_view grant_type = "x";
#ifdef GOOD
    std::string_view scope = {};
#else
    int scope = 1;
#endif
    void write(oauth::form&) const {}
};
auto const asked = oauth::asked_terms(my_grant{});
