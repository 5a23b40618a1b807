#!/usr/bin/env perl
# A pool of connections: the sample for Perl.
package Net::Pool;
use strict;

=head2 open

Opens a connection.

=cut

sub open {
    my ($class, %options) = @_;
    my $attempt = sub { return $_[0] + 1 };
    return bless {}, $class;
}

# Says how many there are.
sub size : lvalue { $_[0]->{size} }

sub signature ($self, $key = 1) { return $key }
sub declared;
*alias = sub { 2 };
our $handler = sub { 3 };

package Net::Pool::Stats;

sub total { 0 }

package Scoped {
    sub inside { 1 }
}

1;
