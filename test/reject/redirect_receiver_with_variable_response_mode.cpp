// expect: redirect_receiver: preferred_response_mode must be a .static constexpr std::string_view.
#include <oauth/policy/redirect_receiver.hpp>

struct my_receiver
{
#ifdef GOOD
    static constexpr std::string_view preferred_response_mode = "form_post";
#else
    std::string preferred_response_mode = "form_post";
#endif
    oauth::result<std::string> prepare(std::string const& registered);
    template <class Judge>
    oauth::result<std::string> receive(Judge judge);
};
static_assert(oauth::check_redirect_receiver<my_receiver>());
