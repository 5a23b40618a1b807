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
sub prototyped($$;@) { 1 }
sub declared;
*alias = sub { 2 };
*Net::Pool::Other::alias = sub { 2 };
our $handler = sub { 3 };
my sub lexical { 4 }
sub Net::Pool::Elsewhere::qualified { 5 }

my %table = (
    first => sub { 1 },
    'second' => sub { 2 },
);
$table{third} = sub { 3 };
$table->{'fourth'} = sub ($x) { 4 };
$handler ||= sub { 5 };

BEGIN { 1 }
sub BEGIN { 1 }
sub AUTOLOAD { our $AUTOLOAD }
sub DESTROY { }
run(sub { 1 });

has size => (is => 'ro', default => sub { 10 });
around close => sub { 1 };
subtest 'gives one out' => sub {
    ok 1;
};
sub test_size { 1 }

package Net::Pool::Stats 1.02;

sub total { 0 }

package Scoped {
    sub inside { 1 }
}

class Counter {
    method increment ($by) { 1 }
    sub plain { 1 }
}

1;
__END__

sub hidden { 1 }
