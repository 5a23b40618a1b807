# Reads paths from standard input. Prints for each file a form feed and its path, then one subroutine a line:
# name, name line, start line, end line.
use strict;
use warnings;
use PPI;

while (my $path = <STDIN>) {
    chomp $path;
    my $document = PPI::Document->new($path, readonly => 1) or next;
    $document->index_locations;
    print "\f$path\n";
    for my $sub (@{ $document->find('PPI::Statement::Sub') || [] }) {
        next if $sub->isa('PPI::Statement::Scheduled') or $sub->forward or not $sub->block;
        my ($name) = grep { $_->content eq $sub->name } $sub->schildren;
        printf "%s\t%d\t%d\t%d\n", $sub->name, map { $_->location->[0] } $name, $sub->first_token, $sub->block->finish;
    }
}
