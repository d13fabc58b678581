// expect: grant: `resource` must be text, or a range of texts
#include <oauth/request/asked_token.hpp>
#include <optional>
#include <string>

struct my_grant
{
    static constexpr std::string_view grant_type = "x";
#ifdef GOOD
    std::string resource = {};
#else
    std::optional<std::string> resource = {};
#endif
    void write(oauth::form&) const {}
};
auto const asked = oauth::asked_terms(my_grant{});
