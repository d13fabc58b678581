#include <oauth/machine/observation.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string_view>

BOOST_AUTO_TEST_SUITE(machine_observation)

BOOST_AUTO_TEST_CASE(happenings_have_names)
{
    using enum oauth::happening;
    std::set<std::string_view> seen;
    for (auto const value : {served_from_memory, served_from_store, renewal_asked, renewal_saved, renewal_not_saved, renewal_failed, fell_back})
        BOOST_TEST(seen.insert(oauth::to_string(value)).second);
    BOOST_TEST(oauth::to_string(renewal_not_saved) == "renewal_not_saved");
    BOOST_TEST(oauth::to_string(static_cast<oauth::happening>(99)) == "renewal_failed");
}

BOOST_AUTO_TEST_SUITE_END()
