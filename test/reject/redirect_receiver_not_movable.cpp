// expect: redirect_receiver: must be movable
#include <oauth/policy/redirect_receiver.hpp>

struct my_receiver
{
#ifdef GOOD
    my_receiver(my_receiver&&) = default;
#else
    my_receiver(my_receiver&&) = delete;
#endif
    oauth::result<std::string> prepare(std::string const& registered);
    template <class Judge>
    oauth::result<std::string> receive(Judge judge);
};
static_assert(oauth::check_redirect_receiver<my_receiver>());
