// expect: redirect_receiver: needs .*receive\(Judge judge\)
#include <oauth/policy/redirect_receiver.hpp>

struct my_receiver
{
    oauth::result<std::string> prepare(std::string const& registered);
#ifdef GOOD
    template <class Judge>
    oauth::result<std::string> receive(Judge judge);
#else
    oauth::result<std::string> receive();
#endif
};
static_assert(oauth::check_redirect_receiver<my_receiver>());
