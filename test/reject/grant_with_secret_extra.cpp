// expect: grant: `extra` must be a range of parameters
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/request/asked_token.hpp>

struct my_grant
{
    static constexpr std::string_view grant_type = "x";
#ifdef GOOD
    oauth::form_parameters extra = {};
#else
    oauth::secret extra = {};
#endif
    void write(oauth::form&) const {}
};
auto const fingerprint = oauth::parameters_fingerprint(my_grant{});
