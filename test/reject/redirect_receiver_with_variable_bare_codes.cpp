// expect: redirect_receiver: takes_bare_codes must be a .static constexpr bool.
#include <oauth/policy/redirect_receiver.hpp>

struct my_receiver
{
#ifdef GOOD
    static constexpr bool takes_bare_codes = true;
#else
    bool takes_bare_codes = true;
#endif
    oauth::result<std::string> prepare(std::string const& registered);
    template <class Judge>
    oauth::result<std::string> receive(Judge judge);
};
static_assert(oauth::check_redirect_receiver<my_receiver>());
