#include <oauth/jose/jwt_times.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/jose.hpp"
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using test_support::code_of;

constexpr std::int64_t at = 1'767'323'045;
constexpr time_point now{seconds{at}};
constexpr time_point later(std::int64_t by) { return time_point{seconds{at + by}}; }

} // namespace

BOOST_AUTO_TEST_SUITE(jose_jwt_times)

BOOST_AUTO_TEST_CASE(what_it_says)
{
    auto const times = jwt_times::read({{"exp", at + 60}, {"nbf", at - 1}, {"iat", static_cast<double>(at) + 0.75}, {"auth_time", "x"}}).value();
    BOOST_TEST((times.expires_at == later(60)));
    BOOST_TEST((times.not_before == later(-1)));
    BOOST_TEST((times.issued_at == now));   // a fraction is cut off
    for (boost::json::object const& none : {boost::json::object{}, boost::json::object{{"exp", nullptr}, {"nbf", nullptr}, {"iat", nullptr}}})
    {
        auto const read = jwt_times::read(none).value();
        BOOST_TEST((!read.expires_at && !read.not_before && !read.issued_at));
        BOOST_TEST(check_jwt_times(read, now, seconds(0)).has_value());
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_time)
{
    std::vector<boost::json::value> const wrong{"1767323045", true, -1, -0.5, std::int64_t{253'402'300'800}, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::uint64_t>::max(),
                                                1e300, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN(), boost::json::array{at}, boost::json::object{}};
    for (std::string const name : {"exp", "nbf", "iat"})
    {
        for (auto const& value : wrong)
            BOOST_TEST_CONTEXT(name << " = " << value)
            {
                auto const read = jwt_times::read({{name, value}});
                BOOST_TEST((code_of(read) == errc::malformed_claims));
                BOOST_TEST((read.error().next == advice::give_up));
                BOOST_TEST(read.error().hint == "the claim " + name);
            }
        for (auto const& value : std::vector<boost::json::value>{0, 0.5, std::int64_t{253'402'300'799}}) BOOST_TEST(jwt_times::read({{name, value}}).has_value());
    }
}

BOOST_AUTO_TEST_CASE(whether_it_holds)   // RFC 7519 4.1.4 and 4.1.5
{
    struct row
    {
        jwt_times times;
        std::optional<errc> why;
        std::string by;
    };
    for (auto const& [times, why, by] : std::vector<row>{
             {{.expires_at = later(-29)}, {}, {}},
             {{.expires_at = later(-30)}, errc::token_expired, "by 30 s"},
             {{.not_before = later(30)}, {}, {}},
             {{.not_before = later(31)}, errc::token_not_yet_valid, "by 31 s"},
             {{.issued_at = later(30)}, {}, {}},
             {{.issued_at = later(32)}, errc::token_not_yet_valid, "by 32 s"},
             {{.expires_at = later(60), .not_before = later(-60), .issued_at = later(-60)}, {}, {}},
             {{.expires_at = time_point{}}, errc::token_expired, "by 1767323045 s"},
         })
    {
        auto const good = check_jwt_times(times, now, seconds(30));
        BOOST_TEST(good.has_error() == why.has_value());
        if (!why || !good.has_error()) continue;
        BOOST_TEST((code_of(good) == *why));
        BOOST_TEST((good.error().next == advice::fix_configuration));
        BOOST_TEST(good.error().hint == by + ": check this machine's clock");
    }
}

BOOST_AUTO_TEST_SUITE_END()
