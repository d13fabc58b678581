#ifndef OAUTH_TEST_SUPPORT_FIXTURE_HPP
#define OAUTH_TEST_SUPPORT_FIXTURE_HPP

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace test_support {

/// The bytes of a file of test/fixtures, such as "microsoft/err_device_slow_down.json".
inline std::string fixture(std::string const& name)
{
    std::ifstream file(std::string(OAUTH_TEST_FIXTURES "/") + name, std::ios::binary);
    if (!file) throw std::runtime_error("no such fixture: " + name);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The same, parsed.
inline boost::json::value json_fixture(std::string const& name) { return boost::json::parse(fixture(name)); }

/// A member of an object that must be a string.
inline std::string text_at(boost::json::value const& object, char const* name) { return std::string(object.at(name).as_string().c_str()); }

} // namespace test_support

#endif
