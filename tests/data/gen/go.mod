module gen

go 1.16
