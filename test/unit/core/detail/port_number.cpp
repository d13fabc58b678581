#include <oauth/core/detail/port_number.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>

BOOST_AUTO_TEST_SUITE(core_detail_port_number)

BOOST_AUTO_TEST_CASE(every_port_is_itself)
{
    for (std::uint32_t port = 0; port < 65'536; ++port) BOOST_TEST_REQUIRE((oauth::detail::port_number(std::to_string(port)) == static_cast<std::uint16_t>(port)));
    for (auto zeros : {"0443", "00000000000000000000443"}) BOOST_TEST((oauth::detail::port_number(zeros) == std::uint16_t{443}));
}

BOOST_AUTO_TEST_CASE(all_else_is_none)
{
    for (auto text : {"", " ", "-1", "+80", " 80", "80 ", "80x", "x80", "0x50", "8 0", "65536", "65979", "84136", "99999", "4294967739", "99999999999999999999999999"})
        BOOST_TEST(!oauth::detail::port_number(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
