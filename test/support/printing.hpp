#ifndef OAUTH_TEST_SUPPORT_PRINTING_HPP
#define OAUTH_TEST_SUPPORT_PRINTING_HPP

#include <oauth/error/failure.hpp>
#include <ostream>

// Found by Boost.Test through argument-dependent look-up.
namespace oauth {

inline std::ostream& boost_test_print_type(std::ostream& out, errc value) { return out << make_error_code(value).message(); }
inline std::ostream& boost_test_print_type(std::ostream& out, server_errc value) { return out << to_string(value); }
inline std::ostream& boost_test_print_type(std::ostream& out, advice value) { return out << to_string(value); }

} // namespace oauth

#endif
