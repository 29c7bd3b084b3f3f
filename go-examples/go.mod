module go-examples

go 1.16
